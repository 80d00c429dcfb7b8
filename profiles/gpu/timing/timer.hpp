#pragma once

#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// One launch, timed.
struct Sample {
  /// By CUPTI's activity records: from the first start to the last end of what the launch ran, so
  /// that an operator of several kernels is charged with the gaps between them, which it costs in
  /// a training step too. Not a number without CUPTI.
  double kernel_us = 0;
  double event_us = 0;     // CUDA events around it: a little more, the gaps to its neighbours
  double clock_mhz = 0;    // SM clock around it
  bool throttled = false;  // by what NVML says, or by the clock
};

/// Times launches on a GPU.
class Timer {
 public:
  virtual ~Timer() = default;
  /// `count` launches one after the other; cold: the L2 is flushed before each. Throws Error.
  [[nodiscard]] virtual std::vector<Sample> sample(Workload& workload, int count, bool cold) = 0;
};

}  // namespace fleetwright::gpu
