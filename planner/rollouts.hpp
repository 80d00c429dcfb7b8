#pragma once

#include <optional>

#include "models/core/quantity.hpp"

namespace fleetwright {

/// Outputs that a model writes to learn from, round after round: reinforcement learning as in
/// DeepSeek-R1. How fast it writes is given, not simulated.
struct Rollouts {
  double outputs = 0;            // in all
  double outputs_per_round = 0;  // written before the model is updated
  double tokens_per_output = 0;  // mean
  int accelerators = 0;
  double tokens_per_second_per_node = 0;             // of all users together, while decoding
  std::optional<double> longest_output;              // tokens; the round waits for it
  std::optional<double> tokens_per_second_per_user;  // of one output
};

/// What the writing takes.
struct RolloutEstimate {
  double rounds = 0;
  double tokens = 0;
  Seconds round_by_rate;     // at the rate of all nodes
  Seconds round_by_longest;  // of the longest output; 0 where it is not given
  double gpu_hours = 0;      // of the longer of both

  [[nodiscard]] bool waits_for_longest() const { return round_by_longest > round_by_rate; }
};

/// A round ends when all its outputs are written: no sooner than the nodes' rate allows, nor than
/// its longest output at the speed of one.
[[nodiscard]] RolloutEstimate estimate_rollouts(const Rollouts& rollouts, int gpus_per_node);

}  // namespace fleetwright
