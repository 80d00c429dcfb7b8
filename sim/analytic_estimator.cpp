#include "sim/analytic_run.hpp"
#include "sim/estimator.hpp"

namespace fleetwright {

Timeline AnalyticEstimator::run(const StepProgram& program, const Fabric& fabric) const {
  SingleColumn step(program, fabric);
  return run_analytic(step, {}).timeline;
}

}  // namespace fleetwright
