#pragma once

#include "planner/report.hpp"

namespace fleetwright {

/// Throws Infeasible if a pipeline rank needs more memory than its accelerator has: which rank, by
/// how much, where it goes, and what would lower the largest part.
void require_memory(const StepSetup& setup, const StepEstimate& step);
void require_memory(const IslandReport& island);

}  // namespace fleetwright
