#include <algorithm>
#include <string>

#include "models/core/error.hpp"
#include "sim/estimator.hpp"
#include "sim/program_cycle.hpp"

namespace fleetwright {

namespace {

Seconds slowest_flow(const StepProgram& program, const Task& task, const Fabric& fabric) {
  Seconds longest;
  for (const Flow& flow : program.flows_of(task)) {
    longest = std::max(longest, flow.bytes / fabric.bandwidth(program.uses_of(flow)));
  }
  return longest;
}

}  // namespace

Timeline AnalyticEstimator::run(const StepProgram& program, const Fabric& fabric) const {
  const auto& tasks = program.tasks();
  StepProgram::Successors waiting = program.successors();
  auto& open = waiting.dependency_count;

  // Kahn, "Topological sorting of large networks", CACM 5(11), 1962. `start` collects the latest
  // end of what each task waits for.
  Timeline timeline(tasks.size());
  std::vector<TaskId> ready;
  ready.reserve(tasks.size());
  for (TaskId id = 0; id < tasks.size(); ++id) {
    if (open[id] == 0) ready.push_back(id);
  }
  for (std::size_t next = 0; next < ready.size(); ++next) {
    const TaskId id = ready[next];
    Interval& interval = timeline[id];
    interval.end = interval.start + tasks[id].delay + slowest_flow(program, tasks[id], fabric);
    for (auto i = waiting.first[id]; i < waiting.first[id + 1]; ++i) {
      const TaskId later = waiting.task[i];
      timeline[later].start = std::max(timeline[later].start, interval.end);
      if (--open[later] == 0) ready.push_back(later);
    }
  }
  if (ready.size() < tasks.size()) ensure(false, describe_deadlock(program));
  return timeline;
}

}  // namespace fleetwright
