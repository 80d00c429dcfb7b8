#pragma once

#include "sim/column_run.hpp"
#include "sim/column_step.hpp"

namespace fleetwright {

/// Runs columns on SimGrid, where flows share links by max-min fairness. Once in a process, because
/// its clock and platform are global: callers fork. Throws Error if the program cannot end.
[[nodiscard]] ColumnRun simulate_columns(ColumnStep& step, const RunPlan& plan);

}  // namespace fleetwright
