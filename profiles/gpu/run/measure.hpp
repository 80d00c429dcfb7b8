#pragma once

#include <optional>

#include "profiles/gpu/run/statistics.hpp"
#include "profiles/gpu/timing/timer.hpp"

namespace fleetwright::gpu {

/// When enough launches of a workload were timed.
struct StopRule {
  double relative_error = 0.005;  // of the median, reached
  double seconds = 2.0;           // of wall clock, spent
  int batch = 11;                 // launches at a time
  int most = 2000;                // launches
};

/// The timings of one workload, in microseconds. Throttled launches are left out.
struct Timings {
  Summary cold;
  std::optional<Summary> hot;
  std::optional<Summary> event;  // cold, by CUDA events; nothing if `cold` is by events itself
  double clock_mhz = 0;          // median; 0 if unknown
  int throttled = 0;             // launches left out
  bool settled = false;          // the error was reached within the time
};

/// Throws Error if every launch was throttled or nothing could be timed.
[[nodiscard]] Timings measure(Workload& workload, Timer& timer, const StopRule& rule);

/// How far the events' median is from CUPTI's, as a share of it. Events hold the launch too, so
/// only long kernels can agree.
[[nodiscard]] std::optional<double> event_disagreement(const Timings& timings);

}  // namespace fleetwright::gpu
