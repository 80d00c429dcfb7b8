#include "sim/program_order.hpp"

#include "models/core/error.hpp"
#include "sim/program_cycle.hpp"

namespace fleetwright {

std::vector<TaskId> order_of(const StepProgram& program,
                             const StepProgram::Successors& successors) {
  std::vector<std::uint32_t> open = successors.dependency_count;
  std::vector<TaskId> order;
  order.reserve(open.size());
  for (TaskId id = 0; id < open.size(); ++id) {
    if (open[id] == 0) order.push_back(id);
  }
  for (std::size_t next = 0; next < order.size(); ++next) {
    const TaskId id = order[next];
    for (auto i = successors.first[id]; i < successors.first[id + 1]; ++i) {
      if (--open[successors.task[i]] == 0) order.push_back(successors.task[i]);
    }
  }
  if (order.size() < open.size()) ensure(false, describe_deadlock(program));
  return order;
}

}  // namespace fleetwright
