#pragma once

#include <vector>

#include "profiles/operator_time.hpp"
#include "sim/collectives/transfer_planner.hpp"
#include "sim/step_estimate.hpp"

namespace fleetwright {

/// What a pipeline rank runs on and does.
struct RankMachine {
  const StepSetup* setup = nullptr;  // of its island
  const OperatorTimeModel* times = nullptr;
  const TransferPlanner* transfers = nullptr;
  int gpu = 0;  // of the island, that stands for the rank
  int island = 0;
  LinkId first_link = 0;  // of the island, among the links of all
};

/// One direction between two islands.
struct IslandWay {
  int from = 0;
  int to = 0;
  LinkId link = 0;
  Seconds latency;
};

/// The machines of each pipeline rank, and the transfers on them.
class StepMachines {
 public:
  /// Ranks of one cluster. All must outlive this.
  StepMachines(const StepSetup& setup, const OperatorTimeModel& times,
               const TransferPlanner& transfers, int ranks);
  /// Ranks of several islands; each pair of neighbours that are apart has its ways.
  StepMachines(std::vector<RankMachine> ranks, std::vector<IslandWay> ways);

  [[nodiscard]] const RankMachine& of(int rank) const {
    return ranks_[static_cast<std::size_t>(rank)];
  }
  /// A collective of a rank's group.
  [[nodiscard]] Transfer collective(const CollectiveCall& call, int rank) const;
  /// The time of such a collective that has its links to itself.
  [[nodiscard]] Seconds uncontended(Transfer collective, int rank) const;
  /// `bytes` of each GPU of a rank to the GPUs of another.
  [[nodiscard]] Transfer send(Bytes bytes, int from, int to) const;

 private:
  [[nodiscard]] Transfer between_islands(Bytes bytes, const RankMachine& from,
                                         const RankMachine& to) const;

  std::vector<RankMachine> ranks_;
  std::vector<IslandWay> ways_;
};

/// GPUs of a pipeline rank.
[[nodiscard]] int stage_gpus(const ParallelStrategy& strategy);

/// The same flows, with links that are counted from `first` on.
[[nodiscard]] std::vector<FlowSpec> moved(std::vector<FlowSpec> flows, LinkId first);

}  // namespace fleetwright
