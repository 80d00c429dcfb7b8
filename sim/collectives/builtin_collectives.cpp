#include "sim/collectives/builtin_collectives.hpp"

#include <array>

namespace fleetwright {

std::span<const RegistryRow<CollectiveFactory>> builtin_collectives() {
  static constexpr std::array<RegistryRow<CollectiveFactory>, 8> table{{
      {"ring", "Each GPU passes chunks on to the next, through all nodes in turn.", make_ring},
      {"tree", "Two binary trees over the nodes, each for half of the message; chains inside them.",
       make_tree},
      {"halving-doubling", "Partners at distances 1, 2, 4 ... exchange halves.",
       make_halving_doubling},
      {"hierarchical", "A ring inside each node, then one on each rail between nodes.",
       make_hierarchical},
      {"in-network", "Switches add up: NVLink SHARP inside a node, SHARP between nodes.",
       make_in_network},
      {"nvls-tree", "Switches add up inside nodes; binary trees on each rail between them.",
       make_nvls_tree},
      {"pairwise", "All-to-all: each GPU sends to each.", make_pairwise},
      {"node-limited", "All-to-all: once to each node over the rail, then on inside it.",
       make_node_limited},
  }};
  return table;
}

}  // namespace fleetwright
