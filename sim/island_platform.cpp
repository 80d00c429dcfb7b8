#include "sim/island_platform.hpp"

#include <fmt/core.h>

#include "models/core/error.hpp"
#include "models/rank_grid.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {

IslandPlatform::IslandPlatform(const IslandJob& job) : job_(job) {
  for (const IslandPart& part : job.parts) {
    const int copies = pipeline_plan(part.setup.job.strategy).copies_of_each_stage;
    auto island = std::make_unique<Island>(Island{build_fabric(part.setup.cluster),
                                                  make_time_model(part.setup), nullptr,
                                                  static_cast<LinkId>(links_.size())});
    island->transfers = std::make_unique<TransferPlanner>(part.setup, island->fabric, copies);
    for (const FabricLink& link : island->fabric.links()) {
      links_.push_back({fmt::format("{}.{}", part.name, link.name), link.capacity});
    }
    islands_.push_back(std::move(island));
  }
  const auto name = [&](int island) { return job.parts[static_cast<std::size_t>(island)].name; };
  for (const IslandLink& link : job.links) {
    for (const auto& [from, to] :
         {std::pair(link.first, link.second), std::pair(link.second, link.first)}) {
      ways_.push_back({from, to, static_cast<LinkId>(links_.size()), link.latency});
      links_.push_back({fmt::format("{} to {}", name(from), name(to)), link.bandwidth});
    }
  }
}

RankMachine IslandPlatform::machine(int island, int rank) const {
  const auto at = static_cast<std::size_t>(island);
  const StepSetup& setup = job_.parts[at].setup;
  const Island& machines = *islands_[at];
  return {&setup,
          machines.times.get(),
          machines.transfers.get(),
          RankGrid(setup.job.strategy).rank({0, 0, 0, rank}),
          island,
          machines.first_link};
}

// A pipeline's own shape: all of its ranks.
BuiltStep build_island_pipeline(const IslandJob& job, const IslandPlatform& platform) {
  TrainingJob whole = job.parts.front().setup.job;
  whole.strategy.pp = 0;
  std::vector<RankMachine> ranks;
  for (std::size_t island = 0; island < job.parts.size(); ++island) {
    const int of_island = job.parts[island].setup.job.strategy.pp;
    whole.strategy.pp += of_island;
    for (int rank = 0; rank < of_island; ++rank) {
      ranks.push_back(platform.machine(static_cast<int>(island), rank));
    }
  }
  BuiltStep step;
  step.plan = pipeline_plan(whole.strategy);
  ensure(step.plan.copies_of_each_stage == 1, "a pipeline over islands with two copies of a stage");
  step.stages = stage_contents(whole, step.plan.stages);
  write_program(step, StepMachines(std::move(ranks), platform.ways()));
  return step;
}

}  // namespace fleetwright
