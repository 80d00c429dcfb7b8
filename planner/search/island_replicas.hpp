#pragma once

#include <cstddef>
#include <vector>

#include "planner/search/island_pipeline.hpp"
#include "planner/search/promising.hpp"

namespace fleetwright {

/// Cluster sizes that a job divides well into, of at most that many GPUs and not much fewer, best
/// first: a cluster is rarely a whole number of pipelines.
[[nodiscard]] std::vector<int> workable_sizes(const StepSetup& setup, std::size_t most);

/// The same, and the whole cluster, of which all others would leave a part idle.
[[nodiscard]] std::vector<int> sizes_to_look_at(const StepSetup& setup, std::size_t most);

/// The `most` fastest ways to give each island replicas of its own, with the batch dealt so that
/// all are done at the same time. Strategies are those that are best on each island by longest path
/// with about its share of the batch, and with a sharded optimizer, for which islands exchange
/// least. Throws Interrupted.
[[nodiscard]] std::vector<QuickPlacement> replica_placements(const IslandQuestion& question,
                                                             std::size_t most, Searched& searched,
                                                             const RunControl& control,
                                                             CandidateMemory* memory = nullptr);

}  // namespace fleetwright
