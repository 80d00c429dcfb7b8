#pragma once

#include "sim/column_run.hpp"
#include "sim/column_step.hpp"
#include "sim/run_control.hpp"

namespace fleetwright {

/// Runs columns on SimGrid, where flows share links by max-min fairness. Once in a process, because
/// its clock and platform are global: callers fork. Throws Error if the program cannot end.
/// A run that is stopped has the steps that were done.
[[nodiscard]] ColumnRun simulate_columns(ColumnStep& step, const RunPlan& plan,
                                         const RunControl& control);

}  // namespace fleetwright
