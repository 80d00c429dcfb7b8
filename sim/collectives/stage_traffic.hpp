#pragma once

#include <vector>

#include "models/rank_grid.hpp"
#include "sim/collectives/transfer_shape.hpp"
#include "sim/fabric.hpp"

namespace fleetwright {

/// Who sends to whom when all groups of a kind in a pipeline stage do the same at once.
class StageTraffic {
 public:
  /// The fabric must outlive this. `copies` of each stage share gradients (bidirectional
  /// pipelines).
  StageTraffic(const ParallelStrategy& strategy, const Fabric& fabric, int copies);

  /// GPUs of a stage.
  [[nodiscard]] int ranks() const;
  [[nodiscard]] int first_of_stage(int gpu) const { return gpu - gpu % ranks(); }
  /// GPUs of its stage on the NIC of a GPU, itself among them.
  [[nodiscard]] std::vector<int> sharing_nic(int gpu) const;
  /// The members of a group, with those that hold the other copy of the stage where they share.
  [[nodiscard]] std::vector<int> group(CommunicationGroup which, int gpu) const;
  /// What the GPUs of the stage send to other nodes, or to their own where a send stays inside:
  /// one byte each. What other stages send counts in their own transfers.
  [[nodiscard]] std::vector<Demand> demands(const TransferShape& shape) const;

 private:
  [[nodiscard]] std::vector<int> grid_group(CommunicationGroup which, int gpu) const;
  [[nodiscard]] std::vector<Demand> collective_demands(const TransferShape& shape) const;

  ParallelStrategy strategy_;
  RankGrid grid_;
  const Fabric& fabric_;
  int copies_;
};

}  // namespace fleetwright
