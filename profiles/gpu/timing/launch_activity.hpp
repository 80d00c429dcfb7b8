#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace fleetwright::gpu {

/// A kernel, copy or fill that ran on the GPU, as CUPTI recorded it.
struct ActivityRecord {
  std::uint64_t start_ns = 0;
  std::uint64_t end_ns = 0;
  std::uint32_t correlation = 0;  // of the call that queued it: ascends from call to call
  bool mark = false;              // our own kernel before and after each launch
};

/// What one launch of a workload did on the GPU.
struct LaunchActivity {
  double span_us = 0;  // first start to last end
  double busy_us = 0;  // of that, the time in which something ran
  int records = 0;
};

/// Gives the records to the launches. Expected of the queue: one mark, then for each launch a mark,
/// the launch, a mark; what lies between launches (the flush of the L2) belongs to none. Throws
/// Error if marks are missing, if a launch left no record, or if a record was not completed.
[[nodiscard]] std::vector<LaunchActivity> attribute(std::vector<ActivityRecord> records,
                                                    int launches);

/// Kernels that follow one another on a stream; medians.
struct ChainTimes {
  double start_to_start_us = 0;  // of neighbours
  double kernel_us = 0;
};
/// Over the records after the last mark. Throws Error if there are fewer than two.
[[nodiscard]] ChainTimes chain_times(std::vector<ActivityRecord> records);

/// The total length of the union of intervals.
[[nodiscard]] std::uint64_t covered(std::vector<std::pair<std::uint64_t, std::uint64_t>> intervals);

}  // namespace fleetwright::gpu
