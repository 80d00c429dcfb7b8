#include "sim/step_slowdown.hpp"

#include <algorithm>

#include "sim/island_platform.hpp"
#include "sim/program_builder.hpp"
#include "sim/step_replay.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {
namespace {

/// Pipeline ranks of an island, first and how many.
struct RankRange {
  int first = 0;
  int ranks = 0;
};

// The links of the NIC of a GPU, counted among the links of all islands.
std::vector<LinkId> nic_of(const Fabric& fabric, int gpu, LinkId first_link) {
  return {first_link + fabric.nic_out(gpu), first_link + fabric.nic_in(gpu)};
}

void add_nics(const Fabric& fabric, LinkId first_link, std::vector<LinkId>& links) {
  for (int gpu = 0; gpu < fabric.shape().gpus; ++gpu) {
    for (const LinkId link : nic_of(fabric, gpu, first_link)) links.push_back(link);
  }
  std::ranges::sort(links);
  const auto repeated = std::ranges::unique(links);
  links.erase(repeated.begin(), repeated.end());
}

}  // namespace

struct StepSlowdown::Parts {
  explicit Parts(const StepSetup& setup)
      : fabric(build_fabric(setup.cluster)),
        links(fabric->links()),
        step(build_step(setup, *fabric, *make_time_model(setup))),
        replay(step.program, links) {
    const int ranks = step.plan.ranks();
    islands.push_back({0, ranks});
    for (int rank = 0; rank < ranks; ++rank) {
      const int gpu = replay.sender_of_rank(rank);
      nic_of_rank.push_back(gpu < 0 ? std::vector<LinkId>{} : nic_of(*fabric, gpu, 0));
    }
    add_nics(*fabric, 0, nics);
    measure();
  }

  explicit Parts(const IslandJob& job)
      : platform(std::make_unique<IslandPlatform>(job)),
        links(platform->links()),
        step(program_of(job, *platform)),
        replay(step.program, links) {
    int first = 0;
    for (std::size_t i = 0; i < job.parts.size(); ++i) {
      const int island = static_cast<int>(i);
      const int ranks = ranks_of(job, job.parts[i].setup.job.strategy);
      islands.push_back({first, ranks});
      first += ranks;
      for (int rank = 0; rank < ranks; ++rank) {
        const RankMachine machine = platform->machine(island, rank);
        nic_of_rank.push_back(nic_of(platform->fabric(island), machine.gpu, machine.first_link));
      }
      add_nics(platform->fabric(island), platform->machine(island, 0).first_link, nics);
    }
    measure();
  }

  static BuiltStep program_of(const IslandJob& job, const IslandPlatform& platform) {
    return job.mode == IslandMode::pipeline ? build_island_pipeline(job, platform)
                                            : build_island_replicas(job, platform).joined;
  }

  static int ranks_of(const IslandJob& job, const ParallelStrategy& strategy) {
    return job.mode == IslandMode::pipeline ? strategy.pp : pipeline_plan(strategy).ranks();
  }

  void measure() { undisturbed = replay.time(replay.full_link_speed(), replay.full_rank_speed()); }

  std::optional<Fabric> fabric;              // of one cluster
  std::unique_ptr<IslandPlatform> platform;  // of several
  const std::vector<FabricLink>& links;
  BuiltStep step;
  StepReplay replay;
  Seconds undisturbed;
  std::vector<RankRange> islands;
  std::vector<std::vector<LinkId>> nic_of_rank;  // none of one that sends nothing
  std::vector<LinkId> nics;
};

StepSlowdown::StepSlowdown(const StepSetup& setup) : parts_(std::make_unique<Parts>(setup)) {}
StepSlowdown::StepSlowdown(const IslandJob& job) : parts_(std::make_unique<Parts>(job)) {}
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
  for (const LinkId link : parts_->nic_of_rank[static_cast<std::size_t>(rank)]) {
    links[link] = 1 / factor;
  }
  return replay.time(links, replay.full_rank_speed()) / parts_->undisturbed;
}

double StepSlowdown::with_network_shared(double share) const {
  const StepReplay& replay = parts_->replay;
  std::vector<double> links = replay.full_link_speed();
  for (const LinkId link : parts_->nics) links[link] = 1 - share;
  return replay.time(links, replay.full_rank_speed()) / parts_->undisturbed;
}

std::vector<SlowCause> StepSlowdown::causes(const std::vector<SlowRecord>& records,
                                            const Cluster& cluster, int island) const {
  std::vector<SlowCause> causes;
  const RankRange& of_island = parts_->islands[static_cast<std::size_t>(island)];
  for (const SlowRecord& record : records) {
    const Hertz rate = record.rate * (count_of(cluster, record.part) / of_island.ranks);
    for (int rank = of_island.first; rank < of_island.first + of_island.ranks; ++rank) {
      const double factor = record.slows == SlowResource::compute
                                ? with_slow_gpu(rank, record.factor)
                                : with_slow_nic(rank, record.factor);
      causes.push_back({record.name, rate, factor, record.lasts, record.replaces_node, island});
    }
  }
  return causes;
}

}  // namespace fleetwright
