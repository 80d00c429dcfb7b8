#pragma once

#include "sim/column_run.hpp"
#include "sim/column_step.hpp"

namespace fleetwright {

/// Runs columns on SimGrid in a process of its own. Throws Error if that fails.
[[nodiscard]] ColumnRun run_simulated(ColumnStep& step, const RunPlan& plan);

}  // namespace fleetwright
