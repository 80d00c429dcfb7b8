#pragma once

#include <vector>

#include "models/memory.hpp"
#include "profiles/operator_time.hpp"
#include "sim/estimator.hpp"
#include "sim/step_estimate.hpp"

namespace fleetwright {

/// How long a step takes and what it keeps in memory: what estimate_step() says, without where the
/// time goes.
struct StepOutcome {
  Seconds time;
  std::vector<MemoryFootprint> memory;  // of each pipeline rank

  /// Of the rank with the highest peak.
  [[nodiscard]] const MemoryFootprint& fullest() const;
};

/// The outcome of a step; `times` is the time model of the setup's accelerator and software. The
/// time is estimate_step()'s.
[[nodiscard]] StepOutcome step_outcome(const StepSetup& setup, const Estimator& estimator,
                                       const OperatorTimeModel& times);

}  // namespace fleetwright
