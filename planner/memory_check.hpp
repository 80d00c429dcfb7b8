#pragma once

#include "sim/step_estimate.hpp"

namespace fleetwright {

/// Throws Infeasible if a pipeline rank needs more memory than its accelerator has: which rank, by
/// how much, where it goes, and what would lower the largest part.
void require_memory(const StepSetup& setup, const StepEstimate& step);

}  // namespace fleetwright
