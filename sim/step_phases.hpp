#pragma once

#include <span>
#include <vector>

#include "sim/program_builder.hpp"
#include "sim/rank_time.hpp"

namespace fleetwright {

/// What the GPUs of each pipeline rank do during a step. The four add up to the step.
[[nodiscard]] std::vector<StepPhases> rank_phases(const BuiltStep& step, const Timeline& timeline,
                                                  const std::vector<RankTime>& ranks);

/// Adds a share of what others do.
void add_share(const StepPhases& others, double share, StepPhases& sum);

/// The mean of some ranks.
[[nodiscard]] StepPhases mean_phases(std::span<const StepPhases> ranks);

}  // namespace fleetwright
