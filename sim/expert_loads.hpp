#pragma once

#include <cstdint>
#include <vector>

#include "sim/collectives/column_flows.hpp"
#include "sim/variation.hpp"

namespace fleetwright {

/// How the tokens of a column fall on its GPUs, in multiples of the mean.
struct ExpertLoad {
  double fullest_gpu = 1;
  double fullest_node = 1;
  std::vector<double> nodes;

  [[nodiscard]] double of(FollowsLoad what, int node) const;
};

/// Where the loads of a layer's experts lie: on which GPUs of a column, on which nodes.
struct ExpertPlaces {
  int experts = 1;
  int ep = 1;
  int etp = 1;
  int gpus = 1;           // of a stage of a column
  int gpus_per_node = 1;  // as far as one column reaches
};

/// Draws expert loads: those of a layer stay the same, or change with each micro-batch.
class ExpertLoads {
 public:
  ExpertLoads(const ExpertSkew& skew, std::uint64_t seed, const ExpertPlaces& places);

  [[nodiscard]] bool are_even() const { return skew_.kind == ExpertSkew::Kind::none; }
  /// Whether the load depends on more than the layer.
  [[nodiscard]] bool change() const { return skew_.kind == ExpertSkew::Kind::normal; }
  /// `draw` tells a micro-batch of a column in a step from all others; unused where loads stay.
  [[nodiscard]] ExpertLoad load(int layer, std::uint64_t draw) const;

 private:
  [[nodiscard]] std::vector<double> by_expert(int layer) const;
  [[nodiscard]] ExpertLoad of_gpus(std::vector<double> loads) const;

  ExpertSkew skew_;
  std::uint64_t seed_;
  ExpertPlaces places_;
};

}  // namespace fleetwright
