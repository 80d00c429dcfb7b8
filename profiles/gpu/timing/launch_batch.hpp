#pragma once

#include <deque>
#include <functional>
#include <vector>

#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/timing/cache_flush.hpp"
#include "profiles/gpu/timing/clock_stamps.hpp"
#include "profiles/gpu/timing/cuda_objects.hpp"

namespace fleetwright::gpu {

/// What a batch of launches took, seen without CUPTI.
struct BatchTimes {
  std::vector<double> event_us;
  std::vector<double> clocks_mhz;
  double clock_mhz = 0;  // over the whole batch
  double queue_us = 0;   // of the host, a launch and what is around it
  double run_us = 0;     // of the GPU, likewise
};

/// Queues launches of a workload one after the other. On the stream: a mark; a hold, so that the
/// host gets ahead; then for each launch the flush of the L2 (if cold), a mark, an event, the
/// launch, an event, a mark. Marks are stamps of the clocks.
class LaunchBatch {
 public:
  /// More would not fit into the driver's queue of 1,024 commands.
  static constexpr int most_launches = 128;

  LaunchBatch();
  /// Waits for the end; calls `meanwhile` once all is queued. `launches` in 1 ... most_launches.
  [[nodiscard]] BatchTimes run(Workload& workload, int launches, bool cold, double hold_us,
                               const std::function<void()>& meanwhile = {});

 private:
  void mark(int row);

  OwnStream stream_;
  int multiprocessors_;
  CacheFlush flush_;
  std::deque<EventPair> events_;
  DeviceArray<ClockStamp> stamps_;
};

}  // namespace fleetwright::gpu
