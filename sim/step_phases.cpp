#include "sim/step_phases.hpp"

namespace fleetwright {
namespace {

/// Kernel time of one rank's passes.
struct KernelTime {
  Seconds matrix;
  Seconds all;

  [[nodiscard]] double matrix_share() const { return all > Seconds{} ? matrix / all : 0; }
};

std::vector<KernelTime> kernel_times(const BuiltStep& step, const Timeline& timeline,
                                     std::size_t ranks) {
  std::vector<KernelTime> times(ranks);
  for (TaskId id = 0; id < timeline.size(); ++id) {
    const Task& task = step.program.tasks()[id];
    const Lane& lane = step.program.lanes()[task.lane];
    if (lane.kind != LaneKind::compute || task.activity == Activity::optimizer) continue;
    const std::vector<WorkShare>& shares = step.works[step.work_of_task[id]];
    Seconds matrix;
    Seconds all;
    for (const WorkShare& share : shares) {
      all += share.time;
      if (share.matrix) matrix += share.time;
    }
    if (all <= Seconds{}) continue;
    const Seconds length = timeline[id].end - timeline[id].start;
    KernelTime& rank = times[static_cast<std::size_t>(lane.rank)];
    rank.all += length;
    rank.matrix += length * (matrix / all);
  }
  return times;
}

}  // namespace

std::vector<StepPhases> rank_phases(const BuiltStep& step, const Timeline& timeline,
                                    const std::vector<RankTime>& ranks) {
  const std::vector<KernelTime> kernels = kernel_times(step, timeline, ranks.size());
  std::vector<StepPhases> phases;
  for (std::size_t rank = 0; rank < ranks.size(); ++rank) {
    const RankTime& t = ranks[rank];
    const Seconds matrix = t.compute * kernels[rank].matrix_share();
    // An optimizer streams its states through memory.
    phases.push_back({matrix, t.compute - matrix + t.optimizer, t.exposed_communication, t.bubble});
  }
  return phases;
}

void add_share(const StepPhases& others, double share, StepPhases& sum) {
  sum.compute_bound += others.compute_bound * share;
  sum.memory_bound += others.memory_bound * share;
  sum.communicating += others.communicating * share;
  sum.waiting += others.waiting * share;
}

StepPhases mean_phases(std::span<const StepPhases> ranks) {
  const double share = 1.0 / static_cast<double>(ranks.size());
  StepPhases mean;
  for (const StepPhases& rank : ranks) add_share(rank, share, mean);
  return mean;
}

}  // namespace fleetwright
