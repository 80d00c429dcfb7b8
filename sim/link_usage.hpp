#pragma once

#include <string>
#include <vector>

#include "sim/column_run.hpp"
#include "sim/column_step.hpp"

namespace fleetwright {

/// What a link carried in a step.
struct LinkUsage {
  std::string name;
  BytesPerSecond capacity;
  Bytes bytes;
  Seconds busy;          // with a flow on it
  double mean_load = 0;  // of its capacity, over the step
  double busy_load = 0;  // while it was busy

  bool operator==(const LinkUsage&) const = default;
};

/// From `time` on a link has this load, until its next sample: a part of its capacity.
struct LoadSample {
  Seconds time;
  double load = 0;
};

/// The load of a link over a step.
struct LinkHistory {
  std::string name;
  std::vector<LoadSample> samples;
};

/// Links that a run used in its first step, fullest first.
[[nodiscard]] std::vector<LinkUsage> link_usage(const ColumnRun& run,
                                                const std::vector<FabricLink>& links);

/// The load over the first step of the `most` fullest links of a column, each transfer spread
/// evenly over the time from its delay to its end: where transfers contend this is demand, and can
/// be more than the capacity for a while.
[[nodiscard]] std::vector<LinkHistory> link_loads(const ColumnStep& step, int column,
                                                  const Timeline& timeline, std::size_t most);

}  // namespace fleetwright
