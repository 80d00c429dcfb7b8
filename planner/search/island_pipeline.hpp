#pragma once

#include <cstddef>
#include <vector>

#include "sim/islands.hpp"

namespace fleetwright {

/// A way to spread a job over islands, with its step in closed form.
struct QuickPlacement {
  IslandJob job;
  Seconds time;
};

/// The islands of a job before it is spread over them, and the links between them.
struct IslandQuestion {
  std::vector<IslandPart> islands;
  std::vector<IslandLink> links;
};

/// The `most` fastest pipelines over all islands at once. In every order whose neighbours are
/// linked, each island gets ranks of its own width (tensor and expert parallelism, recomputation),
/// as many as give each rank a whole number of layers and none more than fits in memory; replicas,
/// micro-batch and schedule are common. `looked_at` is raised by the placements that were timed.
[[nodiscard]] std::vector<QuickPlacement> pipeline_placements(const IslandQuestion& question,
                                                              std::size_t most, long& looked_at);

}  // namespace fleetwright
