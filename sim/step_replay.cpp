#include "sim/step_replay.hpp"

#include <algorithm>

#include "models/core/error.hpp"
#include "sim/program_cycle.hpp"

namespace fleetwright {
namespace {

// Kernels run on the compute lane; the delay of a transfer is latency.
bool computes(const Lane& lane) { return lane.kind == LaneKind::compute; }

}  // namespace

StepReplay::StepReplay(const StepProgram& program, const std::vector<FabricLink>& links)
    : program_(&program), links_(&links), successors_(program.successors()) {
  for (const Lane& lane : program.lanes()) ranks_ = std::max(ranks_, lane.rank + 1);
  std::vector<std::uint32_t> open = successors_.dependency_count;
  for (TaskId id = 0; id < open.size(); ++id) {
    if (open[id] == 0) order_.push_back(id);
  }
  for (std::size_t next = 0; next < order_.size(); ++next) {
    const TaskId id = order_[next];
    for (auto i = successors_.first[id]; i < successors_.first[id + 1]; ++i) {
      if (--open[successors_.task[i]] == 0) order_.push_back(successors_.task[i]);
    }
  }
  if (order_.size() < open.size()) ensure(false, describe_deadlock(program));
}

std::vector<double> StepReplay::full_link_speed() const {
  return std::vector<double>(links_->size(), 1.0);
}

std::vector<double> StepReplay::full_rank_speed() const {
  return std::vector<double>(static_cast<std::size_t>(ranks_), 1.0);
}

Seconds StepReplay::time(const std::vector<double>& link_speed,
                         const std::vector<double>& rank_speed) const {
  const auto& tasks = program_->tasks();
  std::vector<Seconds> start(tasks.size());
  Seconds end_of_step;
  for (const TaskId id : order_) {
    const Task& task = tasks[id];
    const Lane& lane = program_->lanes()[task.lane];
    Seconds duration = task.delay;
    if (computes(lane)) duration /= rank_speed[static_cast<std::size_t>(lane.rank)];
    Seconds slowest;
    for (const Flow& flow : program_->flows_of(task)) {
      for (const LinkUse& use : program_->uses_of(flow)) {
        const BytesPerSecond capacity =
            (*links_)[use.link].capacity * link_speed[use.link] / use.weight;
        slowest = std::max(slowest, flow.bytes / capacity);
      }
    }
    const Seconds end = start[id] + duration + slowest;
    end_of_step = std::max(end_of_step, end);
    for (auto i = successors_.first[id]; i < successors_.first[id + 1]; ++i) {
      start[successors_.task[i]] = std::max(start[successors_.task[i]], end);
    }
  }
  return end_of_step;
}

int StepReplay::sender_of_rank(int rank) const {
  for (const Task& task : program_->tasks()) {
    if (program_->lanes()[task.lane].rank != rank || task.flow_count == 0) continue;
    return program_->flows_of(task).front().from;
  }
  return -1;
}

}  // namespace fleetwright
