#pragma once

#include <memory>
#include <vector>

#include "sim/islands.hpp"
#include "sim/program_builder.hpp"
#include "sim/step_machines.hpp"

namespace fleetwright {

/// The machines of several islands with the links of all: first those of each island, then two for
/// each link between islands.
class IslandPlatform {
 public:
  /// The job must outlive this.
  explicit IslandPlatform(const IslandJob& job);
  IslandPlatform(const IslandPlatform&) = delete;
  IslandPlatform& operator=(const IslandPlatform&) = delete;

  /// What a rank of an island runs on; ranks are counted in the island.
  [[nodiscard]] RankMachine machine(int island, int rank) const;
  [[nodiscard]] const Fabric& fabric(int island) const {
    return islands_[static_cast<std::size_t>(island)]->fabric;
  }
  [[nodiscard]] const std::vector<IslandWay>& ways() const { return ways_; }
  [[nodiscard]] const std::vector<FabricLink>& links() const { return links_; }

 private:
  struct Island {
    Fabric fabric;
    std::unique_ptr<OperatorTimeModel> times;
    std::unique_ptr<TransferPlanner> transfers;
    LinkId first_link = 0;
  };

  const IslandJob& job_;
  std::vector<std::unique_ptr<Island>> islands_;
  std::vector<FabricLink> links_;
  std::vector<IslandWay> ways_;
};

/// The program of a pipeline over islands.
[[nodiscard]] BuiltStep build_island_pipeline(const IslandJob& job, const IslandPlatform& platform);

/// The program of replicas on islands: those of the islands beside each other, joined by the
/// exchange of gradients. It has no plan, stages and shapes, which each island has of its own.
struct ReplicaStep {
  BuiltStep joined;
  std::vector<BuiltStep> parts;
};
[[nodiscard]] ReplicaStep build_island_replicas(const IslandJob& job,
                                                const IslandPlatform& platform);

}  // namespace fleetwright
