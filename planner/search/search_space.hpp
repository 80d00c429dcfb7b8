#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/step_estimate.hpp"

namespace fleetwright {

/// The strategies that a search looks at, and how many were left out for which reason.
struct SearchSpace {
  std::vector<ParallelStrategy> strategies;
  std::map<std::string, long> left_out;  // reason to count; a whole branch counts once
};

/// All strategies of a setup's model, batch and cluster that keep to the rules between settings:
/// tensor parallelism inside a node, context parallelism for sequences of 16,384 tokens and more,
/// any pipeline depth that divides the GPUs (stages need not be even), virtual stages, expert and
/// expert-tensor parallelism, sharding, recomputation, micro-batches that are powers of two, and
/// every schedule that is known. The setup's own strategy gives the global batch alone.
[[nodiscard]] SearchSpace search_space(const StepSetup& setup);

}  // namespace fleetwright
