#include "sim/column_step.hpp"

namespace fleetwright {

void SingleColumn::flows_of(TaskId task, int /*column*/, std::vector<FlowOnLinks>& flows) const {
  flows.clear();
  for (const Flow& flow : program_.flows_of(program_.tasks()[task])) {
    flows.push_back({flow.bytes, program_.uses_of(flow), flow.peers});
  }
}

void SingleColumn::for_each_flow(const VisitFlow& visit) const {
  for (const Task& task : program_.tasks()) {
    for (const Flow& flow : program_.flows_of(task)) {
      visit(0, task.lane, {flow.bytes, program_.uses_of(flow), flow.peers});
    }
  }
}

}  // namespace fleetwright
