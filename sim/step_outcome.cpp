#include "sim/step_outcome.hpp"

#include <algorithm>

#include "sim/program_builder.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {

const MemoryFootprint& StepOutcome::fullest() const {
  return *std::ranges::max_element(memory, {}, [](const MemoryFootprint& f) { return f.peak(); });
}

StepOutcome step_outcome(const StepSetup& setup, const Estimator& estimator,
                         const OperatorTimeModel& times) {
  const Fabric fabric = build_fabric(setup.cluster);
  const BuiltStep step = build_step(setup, fabric, times);
  StepOutcome outcome;
  for (const Interval& interval : estimator.run(step.program, fabric)) {
    outcome.time = std::max(outcome.time, interval.end);
  }
  outcome.memory = memory_footprints(setup.job, step.stages, step.plan);
  return outcome;
}

}  // namespace fleetwright
