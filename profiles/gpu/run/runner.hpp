#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <vector>

#include "profiles/gpu/run/cases.hpp"
#include "profiles/gpu/run/measure.hpp"
#include "profiles/gpu/run/measurement_log.hpp"

namespace fleetwright::gpu {

/// What cases are measured with.
struct Instruments {
  Timer& timer;
  /// What the hardware counts in a launch; empty: not asked for, or not permitted.
  std::function<std::optional<KernelCounters>(Workload&)> count;
  /// Launches once with poisoned outputs; throws Error if some of it is left.
  std::function<void(Workload&)> prove;
};

struct RunLimits {
  StopRule stop;
  double budget_s = 0;  // for all cases together; 0: none
  std::uint64_t seed = 1;
  bool counters_missing = false;  // rows without counters are measured again
};

struct RunOutcome {
  int measured = 0;
  int already = 0;      // in the table before
  int unavailable = 0;  // gaps: a library, an algorithm, memory
  int failed = 0;       // gaps that should not be: a launch failed, an output was not written
  int left = 0;         // not begun: the budget or the user ended the run
  bool interrupted = false;
};

/// Measures what is not in the log yet, case by case. A gap is a line on standard error and nothing
/// in the table. `stop` ends the run after the case at hand.
[[nodiscard]] RunOutcome run_cases(const std::vector<Case>& cases, const Instruments& instruments,
                                   const RunLimits& limits, MeasurementLog& log,
                                   const std::atomic<bool>& stop);

}  // namespace fleetwright::gpu
