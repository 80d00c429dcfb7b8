#include "sim/step_replay.hpp"

#include <boost/container_hash/hash.hpp>

#include <algorithm>
#include <unordered_map>

#include "sim/program_order.hpp"

namespace fleetwright {
namespace {

// Kernels run on the compute lane; the delay of a transfer is latency.
bool computes(const Lane& lane) { return lane.kind == LaneKind::compute; }

// Numbers tasks by what they send over which links.
class TransferKinds {
 public:
  explicit TransferKinds(const StepProgram& program)
      : numbers_(0, Hash{&program}, Same{&program}) {}

  std::uint32_t number_of(TaskId task, std::vector<TaskId>& kinds) {
    const auto [at, added] = numbers_.try_emplace(task, static_cast<std::uint32_t>(kinds.size()));
    if (added) kinds.push_back(task);
    return at->second;
  }

 private:
  struct Hash {
    const StepProgram* program;
    std::size_t operator()(TaskId id) const {
      std::size_t seed = 0;
      for (const Flow& flow : program->flows_of(program->tasks()[id])) {
        boost::hash_combine(seed, flow.bytes.si());
        for (const LinkUse& use : program->uses_of(flow)) {
          boost::hash_combine(seed, use.link);
          boost::hash_combine(seed, use.weight);
        }
      }
      return seed;
    }
  };
  struct Same {
    const StepProgram* program;
    bool operator()(TaskId a, TaskId b) const {
      return std::ranges::equal(
          program->flows_of(program->tasks()[a]), program->flows_of(program->tasks()[b]),
          [&](const Flow& x, const Flow& y) {
            return x.bytes == y.bytes &&
                   std::ranges::equal(program->uses_of(x), program->uses_of(y));
          });
    }
  };
  std::unordered_map<TaskId, std::uint32_t, Hash, Same> numbers_;
};

}  // namespace

StepReplay::StepReplay(const StepProgram& program, const std::vector<FabricLink>& links)
    : program_(&program), links_(&links) {
  const StepProgram::Successors successors = program.successors();
  const std::vector<TaskId> order = order_of(program, successors);
  std::vector<std::uint32_t> place(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) place[order[i]] = i;
  for (const Lane& lane : program.lanes()) {
    ranks_ = std::max(ranks_, static_cast<std::uint32_t>(lane.rank + 1));
  }
  TransferKinds kinds(program);
  steps_.reserve(order.size());
  successors_.reserve(successors.task.size());
  for (const TaskId id : order) {
    for (auto i = successors.first[id]; i < successors.first[id + 1]; ++i) {
      successors_.push_back(place[successors.task[i]]);
    }
    const Task& task = program.tasks()[id];
    const Lane& lane = program.lanes()[task.lane];
    steps_.push_back({task.delay, computes(lane) ? static_cast<std::uint32_t>(lane.rank) : ranks_,
                      kinds.number_of(id, transfers_),
                      static_cast<std::uint32_t>(successors_.size())});
  }
}

std::vector<double> StepReplay::full_link_speed() const {
  return std::vector<double>(links_->size(), 1.0);
}

std::vector<double> StepReplay::full_rank_speed() const { return std::vector<double>(ranks_, 1.0); }

Seconds StepReplay::slowest_flow(const Task& task, const std::vector<double>& link_speed) const {
  Seconds slowest;
  for (const Flow& flow : program_->flows_of(task)) {
    for (const LinkUse& use : program_->uses_of(flow)) {
      const BytesPerSecond capacity =
          (*links_)[use.link].capacity * link_speed[use.link] / use.weight;
      slowest = std::max(slowest, flow.bytes / capacity);
    }
  }
  return slowest;
}

Seconds StepReplay::time(const std::vector<double>& link_speed,
                         const std::vector<double>& rank_speed) const {
  std::vector<Seconds> transfer;
  transfer.reserve(transfers_.size());
  for (const TaskId id : transfers_) {
    transfer.push_back(slowest_flow(program_->tasks()[id], link_speed));
  }
  std::vector<double> speed = rank_speed;
  speed.push_back(1);  // of what is no kernel
  std::vector<Seconds> start(steps_.size());
  Seconds end_of_step;
  std::uint32_t successor = 0;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    const Seconds end = start[i] + step.delay / speed[step.rank] + transfer[step.transfer];
    end_of_step = std::max(end_of_step, end);
    for (; successor < step.successors; ++successor) {
      Seconds& of_next = start[successors_[successor]];
      of_next = std::max(of_next, end);
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
