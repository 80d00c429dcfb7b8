#include "sim/simgrid/simulated_estimator.hpp"

#include <vector>

#include "models/core/error.hpp"
#include "sim/simgrid/child_process.hpp"
#include "sim/simgrid/step_simulation.hpp"

namespace fleetwright {

Timeline SimulatedEstimator::run(const StepProgram& program, const Fabric& fabric) const {
  const std::vector<double> times = run_in_child([&] {
    std::vector<double> result;
    result.reserve(2 * program.tasks().size());
    for (const Interval& interval : simulate_step(program, fabric)) {
      result.push_back(interval.start.si());
      result.push_back(interval.end.si());
    }
    return result;
  });
  ensure(times.size() == 2 * program.tasks().size(), "a simulation with a wrong number of tasks");

  Timeline timeline(program.tasks().size());
  for (std::size_t task = 0; task < timeline.size(); ++task) {
    timeline[task] = {Seconds{times[2 * task]}, Seconds{times[2 * task + 1]}};
  }
  return timeline;
}

}  // namespace fleetwright
