#pragma once

#include "sim/column_run.hpp"
#include "sim/column_step.hpp"
#include "sim/run_control.hpp"

namespace fleetwright {

/// Runs columns as longest paths: each transfer has its links to itself. Ends the process with a
/// bug report if the program has a cycle. One that is stopped has the steps that were done.
[[nodiscard]] ColumnRun run_analytic(ColumnStep& step, const RunPlan& plan,
                                     const RunControl& control = {});

}  // namespace fleetwright
