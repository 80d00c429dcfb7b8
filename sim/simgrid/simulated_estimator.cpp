#include "sim/simgrid/simulated_estimator.hpp"

#include "sim/simgrid/simulated_run.hpp"

namespace fleetwright {

Timeline SimulatedEstimator::run(const StepProgram& program, const Fabric& fabric) const {
  SingleColumn step(program, fabric);
  return run_simulated(step, {}).timeline;
}

}  // namespace fleetwright
