#pragma once

#include <vector>

#include "models/strategy.hpp"

namespace fleetwright {

/// Where a rank stands in each kind of parallelism.
struct RankCoordinates {
  int tp = 0;
  int cp = 0;
  int dp = 0;
  int pp = 0;

  bool operator==(const RankCoordinates&) const = default;
};

/// Ranks to groups, in Megatron-Core's default order (tp fastest, then cp, dp, and pp slowest); the
/// expert-parallel group is the etp x ep consecutive ranks of a stage.
class RankGrid {
 public:
  explicit RankGrid(const ParallelStrategy& strategy) : strategy_(strategy) {}

  [[nodiscard]] int ranks() const { return strategy_.gpus(); }
  [[nodiscard]] int rank(const RankCoordinates& at) const;
  [[nodiscard]] RankCoordinates coordinates(int rank) const;

  /// The ranks of the group that `rank` belongs to, ascending.
  [[nodiscard]] std::vector<int> tensor_group(int rank) const;
  [[nodiscard]] std::vector<int> context_group(int rank) const;
  [[nodiscard]] std::vector<int> data_group(int rank) const;  // dp x cp: who shares dense gradients
  [[nodiscard]] std::vector<int> expert_group(int rank) const;
  [[nodiscard]] std::vector<int> expert_data_group(int rank) const;  // replicas of its experts
  [[nodiscard]] std::vector<int> pipeline_group(int rank) const;

 private:
  [[nodiscard]] int stage_ranks() const { return strategy_.tp * strategy_.cp * strategy_.dp; }

  ParallelStrategy strategy_;
};

}  // namespace fleetwright
