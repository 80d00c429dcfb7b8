#include "models/core/error.hpp"
#include "sim/analytic_run.hpp"
#include "sim/estimator.hpp"

namespace fleetwright {

Timeline Estimator::run(const StepProgram& program, const Fabric& fabric) const {
  SingleColumn step(program, fabric);
  return run(step, {}).timeline;
}

ColumnRun AnalyticEstimator::run(ColumnStep& step, const RunPlan& plan) const {
  ColumnRun run = run_analytic(step, plan, control());
  if (run.steps.empty()) throw Interrupted();
  return run;
}

}  // namespace fleetwright
