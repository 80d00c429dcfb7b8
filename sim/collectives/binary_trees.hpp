#pragma once

#include <functional>
#include <vector>

#include "sim/collectives/collective_algorithm.hpp"

namespace fleetwright {

/// The moves from one node to another along an edge of a tree; `tree` is 0 or 1.
using MovesOfEdge = std::function<std::vector<ChunkMove>(int from, int to, int tree)>;

/// What the node that sends most sends on both trees on the way up and down, when each carries half
/// of a message: in messages.
[[nodiscard]] double busiest_in_trees(int nodes);

/// Adds the rounds in which two binary trees over the nodes are climbed, or descended. Leaves of
/// one are inside the other (Sanders, Speck, Traeff 2009), so that no node sends much more than
/// others.
void add_tree_rounds(int nodes, bool up, std::vector<std::vector<ChunkMove>>& rounds,
                     const MovesOfEdge& moves);

}  // namespace fleetwright
