#include "sim/step_program.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "models/core/error.hpp"

namespace fleetwright {

namespace {

constexpr TaskId no_task = std::numeric_limits<TaskId>::max();

std::uint32_t checked_size(std::size_t size) {
  ensure(size < no_task, "a step program has too many parts for 32-bit indices");
  return static_cast<std::uint32_t>(size);
}

bool finite_and_not_negative(double value) { return value >= 0.0 && std::isfinite(value); }

}  // namespace

std::string_view to_string(Activity activity) {
  switch (activity) {
    case Activity::forward:
      return "forward";
    case Activity::backward:
      return "backward";
    case Activity::weight_gradient:
      return "weight gradient";
    case Activity::overlapped:
      return "overlapped";
    case Activity::gradient_sync:
      return "gradient sync";
    case Activity::optimizer:
      return "optimizer";
  }
  fail_invariant("to_string", "an activity without a name");
}

std::string_view to_string(LaneKind kind) {
  switch (kind) {
    case LaneKind::compute:
      return "compute";
    case LaneKind::collective:
      return "collective";
    case LaneKind::pipeline:
      return "pipeline";
    case LaneKind::data_parallel:
      return "data parallel";
  }
  fail_invariant("to_string", "a lane kind without a name");
}

std::uint32_t StepProgram::add_lane(Lane lane) {
  lanes_.push_back(lane);
  last_of_lane_.push_back(no_task);
  return checked_size(lanes_.size() - 1);
}

TaskId StepProgram::add_task(const TaskSpec& spec, std::span<const TaskId> dependencies,
                             std::span<const FlowSpec> flows) {
  ensure(spec.lane < lanes_.size(), "a task on a lane that was not added");
  ensure(finite_and_not_negative(spec.delay.si()), "a task delay is not a finite time >= 0");
  const TaskId id = checked_size(tasks_.size());

  Task task;
  task.lane = spec.lane;
  task.delay = spec.delay;
  task.first_flow = checked_size(flows_.size());
  task.flow_count = checked_size(flows.size());
  task.first_dependency = checked_size(dependencies_.size());
  task.dependency_count = checked_size(dependencies.size());
  task.activity = spec.activity;
  task.label = label_index(spec.label);
  task.layer = spec.layer;
  task.micro_batch = spec.micro_batch;
  task.stage = spec.stage;

  for (const TaskId on : dependencies) {
    ensure(on < id, "a task depends on one that was not added yet: use add_dependency");
    dependencies_.push_back(on);
  }
  for (const FlowSpec& flow : flows) add_flow(flow, id);
  previous_in_lane_.push_back(last_of_lane_[spec.lane]);
  last_of_lane_[spec.lane] = id;
  tasks_.push_back(task);
  return id;
}

void StepProgram::add_flow(const FlowSpec& flow, TaskId task) {
  ensure(finite_and_not_negative(flow.bytes.si()), "flow bytes are not a finite number >= 0");
  ensure(flow.peers > 0.0 && std::isfinite(flow.peers), "a flow does not stand for any");
  flows_.push_back({flow.bytes, checked_size(uses_.size()), checked_size(flow.uses.size()),
                    flow.from, flow.to, flow.peers});
  for (const LinkUse& use : flow.uses) {
    ensure(use.weight > 0, "a flow uses a link with weight 0");
    if (use.link >= last_user_.size()) last_user_.resize(use.link + std::size_t{1}, no_task);
    ensure(last_user_[use.link] != task, "the flows of a task share a link: give it a weight");
    last_user_[use.link] = task;
    uses_.push_back(use);
  }
}

void StepProgram::add_dependency(TaskId task, TaskId on) {
  ensure(task < tasks_.size() && on < tasks_.size(), "a dependency of a task that was not added");
  late_dependencies_.emplace_back(task, on);
}

std::uint16_t StepProgram::label_index(std::string_view label) {
  // Labels are few and come in runs: the last one first, then all.
  if (!tasks_.empty() && labels_[tasks_.back().label] == label) return tasks_.back().label;
  const auto found = std::find(labels_.begin(), labels_.end(), label);
  const auto index = static_cast<std::size_t>(found - labels_.begin());
  ensure(index < std::numeric_limits<std::uint16_t>::max(), "too many different task labels");
  if (found == labels_.end()) labels_.emplace_back(label);
  return static_cast<std::uint16_t>(index);
}

std::span<const Flow> StepProgram::flows_of(const Task& task) const {
  return std::span{flows_}.subspan(task.first_flow, task.flow_count);
}

std::span<const LinkUse> StepProgram::uses_of(const Flow& flow) const {
  return std::span{uses_}.subspan(flow.first_use, flow.use_count);
}

template <typename Visit>
void StepProgram::for_each_dependency(Visit visit) const {
  for (TaskId id = 0; id < tasks_.size(); ++id) {
    const Task& task = tasks_[id];
    for (std::uint32_t i = 0; i < task.dependency_count; ++i) {
      visit(id, dependencies_[task.first_dependency + i]);
    }
    if (previous_in_lane_[id] != no_task) visit(id, previous_in_lane_[id]);
  }
  for (const auto& [task, on] : late_dependencies_) visit(task, on);
}

std::vector<TaskId> StepProgram::dependencies_of(TaskId task) const {
  const Task& t = tasks_.at(task);
  const auto first = dependencies_.begin() + t.first_dependency;
  std::vector<TaskId> result(first, first + t.dependency_count);
  if (previous_in_lane_[task] != no_task) result.push_back(previous_in_lane_[task]);
  for (const auto& [later, on] : late_dependencies_) {
    if (later == task) result.push_back(on);
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

StepProgram::Successors StepProgram::successors() const {
  Successors result;
  result.first.assign(tasks_.size() + 1, 0);
  result.dependency_count.assign(tasks_.size(), 0);
  for_each_dependency([&](TaskId task, TaskId on) {
    ++result.first[on + 1];
    ++result.dependency_count[task];
  });
  std::partial_sum(result.first.begin(), result.first.end(), result.first.begin());
  result.task.resize(result.first.back());
  std::vector<std::uint32_t> next(result.first.begin(), result.first.end() - 1);
  for_each_dependency([&](TaskId task, TaskId on) { result.task[next[on]++] = task; });
  return result;
}

std::string StepProgram::describe(TaskId id) const {
  const Task& task = tasks_.at(id);
  const Lane& lane = lanes_[task.lane];
  std::string text = fmt::format("{} (task {}, {} lane of rank {}", labels_[task.label], id,
                                 to_string(lane.kind), lane.rank);
  if (task.stage >= 0) text += fmt::format(", stage {}", task.stage);
  if (task.micro_batch >= 0) text += fmt::format(", micro-batch {}", task.micro_batch);
  if (task.layer >= 0) text += fmt::format(", layer {}", task.layer);
  return text + ")";
}

}  // namespace fleetwright
