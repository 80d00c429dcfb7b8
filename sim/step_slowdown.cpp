#include "sim/step_slowdown.hpp"

#include "sim/program_builder.hpp"
#include "sim/step_replay.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {

struct StepSlowdown::Parts {
  explicit Parts(const StepSetup& setup)
      : fabric(build_fabric(setup.cluster)),
        step(build_step(setup, fabric, *make_time_model(setup))),
        replay(step.program, fabric),
        undisturbed(replay.time(replay.full_link_speed(), replay.full_rank_speed())) {}

  Fabric fabric;
  BuiltStep step;
  StepReplay replay;
  Seconds undisturbed;
};

StepSlowdown::StepSlowdown(const StepSetup& setup) : parts_(std::make_unique<Parts>(setup)) {}
StepSlowdown::~StepSlowdown() = default;

double StepSlowdown::with_slow_gpu(int rank, double factor) const {
  const StepReplay& replay = parts_->replay;
  std::vector<double> ranks = replay.full_rank_speed();
  ranks[static_cast<std::size_t>(rank)] = 1 / factor;
  return replay.time(replay.full_link_speed(), ranks) / parts_->undisturbed;
}

double StepSlowdown::with_slow_nic(int rank, double factor) const {
  const StepReplay& replay = parts_->replay;
  std::vector<double> links = replay.full_link_speed();
  for (const LinkId link : replay.nic_of_rank(rank)) links[link] = 1 / factor;
  return replay.time(links, replay.full_rank_speed()) / parts_->undisturbed;
}

double StepSlowdown::with_network_shared(double share) const {
  const StepReplay& replay = parts_->replay;
  std::vector<double> links = replay.full_link_speed();
  for (const LinkId link : replay.nics()) links[link] = 1 - share;
  return replay.time(links, replay.full_rank_speed()) / parts_->undisturbed;
}

std::vector<SlowCause> StepSlowdown::causes(const std::vector<SlowRecord>& records,
                                            const Cluster& cluster) const {
  std::vector<SlowCause> causes;
  const int ranks = parts_->step.plan.ranks();
  for (const SlowRecord& record : records) {
    const Hertz rate = record.rate * (count_of(cluster, record.part) / ranks);
    for (int rank = 0; rank < ranks; ++rank) {
      const double factor = record.slows == SlowResource::compute
                                ? with_slow_gpu(rank, record.factor)
                                : with_slow_nic(rank, record.factor);
      causes.push_back({record.name, rate, factor, record.lasts, record.replaces_node});
    }
  }
  return causes;
}

}  // namespace fleetwright
