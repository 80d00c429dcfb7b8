#include "sim/program_cycle.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace fleetwright {

namespace {

constexpr std::size_t tasks_to_name = 4;

/// Which tasks are still waiting when all that can run has run.
std::vector<bool> stuck_tasks(const StepProgram& program) {
  const std::size_t count = program.tasks().size();
  auto [first, task, open] = program.successors();
  std::vector<bool> stuck(count, true);
  std::vector<TaskId> ready;
  for (TaskId id = 0; id < count; ++id) {
    if (open[id] == 0) ready.push_back(id);
  }
  while (!ready.empty()) {
    const TaskId id = ready.back();
    ready.pop_back();
    stuck[id] = false;
    for (auto i = first[id]; i < first[id + 1]; ++i) {
      if (--open[task[i]] == 0) ready.push_back(task[i]);
    }
  }
  return stuck;
}

}  // namespace

std::vector<TaskId> find_cycle(const StepProgram& program) {
  const std::vector<bool> stuck = stuck_tasks(program);
  const auto start = std::find(stuck.begin(), stuck.end(), true);
  if (start == stuck.end()) return {};

  // A stuck task waits for a stuck task: following those must come back to one that was seen.
  std::vector<bool> seen(stuck.size(), false);
  std::vector<TaskId> path;
  auto id = static_cast<TaskId>(start - stuck.begin());
  while (!seen[id]) {
    seen[id] = true;
    path.push_back(id);
    const auto dependencies = program.dependencies_of(id);
    id = *std::find_if(dependencies.begin(), dependencies.end(),
                       [&](TaskId on) { return stuck[on]; });
  }
  path.erase(path.begin(), std::find(path.begin(), path.end(), id));
  return path;
}

std::string describe_deadlock(const StepProgram& program) {
  const std::vector<TaskId> cycle = find_cycle(program);
  std::string text = fmt::format("{} tasks of the step wait for one another: ", cycle.size());
  for (std::size_t i = 0; i < std::min(cycle.size(), tasks_to_name); ++i) {
    if (i > 0) text += " waits for ";
    text += program.describe(cycle[i]);
  }
  if (cycle.size() > tasks_to_name) text += " waits for ...";
  return text;
}

}  // namespace fleetwright
