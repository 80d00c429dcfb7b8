#pragma once

#include <vector>

#include "models/core/quantity.hpp"
#include "models/schedules/pipeline_schedule.hpp"

namespace fleetwright {

/// What one GPU keeps of one micro-batch between its passes through a stage.
struct StageActivations {
  Bytes for_backward;         // from the forward pass on
  Bytes for_weight_gradient;  // from the input gradient on, where a schedule takes the two apart
};

/// Activations alive while a slot runs, its own included, and after it.
struct AliveActivations {
  Bytes during;
  Bytes after;
};

/// Over the slots of a rank's order: what a pass keeps is there from its start, what it frees until
/// its end. `of_stage` is indexed by model stage.
[[nodiscard]] std::vector<AliveActivations> activation_profile(
    const std::vector<ScheduleSlot>& slots, const std::vector<StageActivations>& of_stage);

/// The most of them.
[[nodiscard]] Bytes peak_activations(const std::vector<ScheduleSlot>& slots,
                                     const std::vector<StageActivations>& of_stage);

}  // namespace fleetwright
