#pragma once

#include <functional>
#include <vector>

#include "sim/collectives/collective_algorithm.hpp"

namespace fleetwright {

/// A ring of some participants, each of which ends up with one set of chunks.
struct RingOf {
  std::vector<int> members;
  std::function<std::vector<int>(int position)> chunks_of;  // of the member at that position
};

/// Adds the rounds of reduce-scatters on rings of equal length that go on at the same time: after n
/// - 1 steps each member has the sum of its own chunks.
void add_ring_reduce_scatter(const std::vector<RingOf>& rings,
                             std::vector<std::vector<ChunkMove>>& rounds);

/// Adds the rounds of all-gathers: each member's chunks go around.
void add_ring_all_gather(const std::vector<RingOf>& rings,
                         std::vector<std::vector<ChunkMove>>& rounds);

}  // namespace fleetwright
