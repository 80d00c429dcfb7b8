#include "sim/analytic_run.hpp"
#include "sim/estimator.hpp"

namespace fleetwright {

Timeline Estimator::run(const StepProgram& program, const Fabric& fabric) const {
  SingleColumn step(program, fabric);
  return run(step, {}).timeline;
}

ColumnRun AnalyticEstimator::run(ColumnStep& step, const RunPlan& plan) const {
  return run_analytic(step, plan);
}

}  // namespace fleetwright
