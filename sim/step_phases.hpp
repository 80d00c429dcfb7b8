#pragma once

#include <vector>

#include "sim/program_builder.hpp"
#include "sim/rank_time.hpp"

namespace fleetwright {

/// What the GPUs do during a step, averaged over the pipeline ranks. The four add up to the step.
[[nodiscard]] StepPhases step_phases(const BuiltStep& step, const Timeline& timeline,
                                     const std::vector<RankTime>& ranks);

}  // namespace fleetwright
