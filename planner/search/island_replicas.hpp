#pragma once

#include <cstddef>
#include <vector>

#include "planner/search/island_pipeline.hpp"
#include "planner/search/promising.hpp"

namespace fleetwright {

/// Cluster sizes that a job divides well into, of at most that many GPUs and not much fewer, best
/// first: a cluster is rarely a whole number of pipelines.
[[nodiscard]] std::vector<int> workable_sizes(const StepSetup& setup, std::size_t most);

/// The `most` fastest ways to give each island replicas of its own, with the batch dealt so that
/// all are done at the same time. Strategies are those that are promising on each island alone,
/// with a sharded optimizer, for which islands exchange least.
[[nodiscard]] std::vector<QuickPlacement> replica_placements(const IslandQuestion& question,
                                                             std::size_t most, Searched& searched);

}  // namespace fleetwright
