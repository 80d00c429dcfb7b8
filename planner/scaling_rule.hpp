#pragma once

#include "models/core/provenance.hpp"

namespace fleetwright {

/// How large a dense model suits a number of tokens: training takes c N D flop, and the loss is
/// least where D = r N (Hoffmann et al., arXiv 2203.15556).
struct ScalingRule {
  Sourced<double> flop_per_parameter_and_token;
  Sourced<double> tokens_per_parameter;

  struct Model {
    double parameters = 0;
    double tokens = 0;
  };
  /// The model that this much training flop suits best.
  [[nodiscard]] Model best_for(double flop) const;
};

/// The rule of planner/data/scaling.toml. Throws ScenarioError (located) and Error.
[[nodiscard]] ScalingRule compute_optimal_rule();

}  // namespace fleetwright
