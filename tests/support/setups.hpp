#pragma once

#include <string>

#include "sim/step_estimate.hpp"

namespace fleetwright::testing {

/// A cluster of the accelerator's reference nodes.
[[nodiscard]] Cluster cluster_of(const std::string& accelerator, int gpus);

/// A dense model of 8 layers over 1F1B on one rank; tests change what they are about.
[[nodiscard]] StepSetup dense_setup(const std::string& accelerator, int gpus);

/// A mixture of experts with latent attention, 8 layers, expert-parallel over all data ranks.
[[nodiscard]] StepSetup moe_setup(const std::string& accelerator, int gpus, int pp);

/// Sets the schedule, with the model chunks that it wants: two where it leaves the choice.
void set_schedule(StepSetup& setup, const std::string& schedule);

}  // namespace fleetwright::testing
