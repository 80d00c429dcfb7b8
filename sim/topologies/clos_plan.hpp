#pragma once

#include <optional>

#include "sim/topologies/leaf_layout.hpp"
#include "sim/topologies/network_counts.hpp"

namespace fleetwright {

/// How many switches and cables a fat tree has in each of its planes, which share none. With three
/// layers, aggregation switch i of each pod has a cable to each leaf of the pod and goes up to the
/// cores of number i alone, as in a k-ary fat tree (Al-Fares et al., SIGCOMM 2008).
struct ClosPlan {
  LeafLayout layout;
  int layers = 1;
  int uplinks = 0;         // cables of a leaf, and so aggregation switches of a pod
  int leaves_per_pod = 1;  // with three layers
  int pods = 1;            // of a plane
  int pod_uplinks = 0;     // cables of an aggregation switch
  int tops = 0;            // spines of a plane, or cores above each number of aggregation switch

  [[nodiscard]] int ports_per_leaf() const {
    return layout.nodes_per_leaf * layout.nics_per_rail();
  }
  /// The pod of a leaf, counted over all planes.
  [[nodiscard]] int pod_of(int leaf) const {
    return layout.plane_of_leaf(leaf) * pods + layout.leaf_in_plane(leaf) / leaves_per_pod;
  }
  /// Whether the links between two layers can hold up what is below them.
  [[nodiscard]] bool leaves_bind() const { return layers > 1 && uplinks < ports_per_leaf(); }
  [[nodiscard]] bool pods_bind() const { return layers > 2 && pod_uplinks < leaves_per_pod; }
  [[nodiscard]] NetworkCounts counts() const;
};

/// A tree of as few layers as reach, or of as many as the cluster says. Where `most_layers` do not
/// reach, nothing; with one layer all ports of a leaf are for NICs. The layout must be possible.
[[nodiscard]] std::optional<ClosPlan> plan_clos(const Cluster& cluster, int planes,
                                                int most_layers);

/// The same where it is known to reach.
[[nodiscard]] ClosPlan reachable_plan(const Cluster& cluster, int planes, int most_layers);

/// End points that so many layers reach at most in a plane of this cluster.
[[nodiscard]] double clos_reach(const Cluster& cluster, int planes, int layers);

/// Ports of a leaf that are for NICs.
[[nodiscard]] int leaf_ports(const Cluster& cluster, int most_layers);

}  // namespace fleetwright
