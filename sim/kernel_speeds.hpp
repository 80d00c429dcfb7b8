#pragma once

#include <vector>

#include "sim/collectives/column_flows.hpp"
#include "sim/variation.hpp"

namespace fleetwright {

/// How much longer kernels take on the GPUs of a column. The GPUs of a stage of a column meet at
/// each collective, so a stretch of kernels takes as long as on the slowest of them.
class KernelSpeeds {
 public:
  /// `ranks` pipeline ranks of layout.stage_ranks consecutive GPUs each.
  KernelSpeeds(const Variation& variation, const ColumnLayout& layout,
               const std::vector<ColumnPart>& parts, int ranks, int gpus_per_node);

  /// Of one stretch, which `draw` tells from all others. At least the slowest GPU's without jitter;
  /// a stretch on one GPU has the mean 1.
  [[nodiscard]] double factor(std::size_t part, int rank, std::uint64_t draw) const;

 private:
  [[nodiscard]] double slowest_of(const std::vector<double>& slowness, std::uint64_t draw) const;

  Variation variation_;
  int ranks_;
  int width_;
  /// Of each part and rank: how slow its GPUs are, slowest first; or one value for all of them.
  std::vector<std::vector<double>> slowness_;
};

}  // namespace fleetwright
