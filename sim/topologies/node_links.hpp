#pragma once

#include <vector>

#include "sim/cluster.hpp"
#include "sim/fabric.hpp"

namespace fleetwright {

/// Leaf switches above the nodes; absent where they never bind.
struct LeafLayer {
  int nodes_per_leaf = 1;
  BytesPerSecond uplink;  // of one leaf, all its cables together
};

/// The fabric of a cluster: scale-up ports, NICs, and the leaf layer if there is one.
[[nodiscard]] Fabric fabric_of(const Cluster& cluster, int nodes_per_leaf,
                               const LeafLayer* binding_leaves);

/// Nodes below one leaf switch: its ports are shared between NICs and uplinks by the
/// oversubscription.
[[nodiscard]] int nodes_per_leaf(const Cluster& cluster);

}  // namespace fleetwright
