#include <fmt/core.h>

#include "sim/topologies/builtin_topologies.hpp"
#include "sim/topologies/node_links.hpp"

namespace fleetwright {
namespace {

Fabric build_leaves(const Cluster& cluster) {
  const int below = nodes_per_leaf(cluster);
  // A non-blocking leaf never binds: its uplinks carry what its NICs can send.
  if (cluster.oversubscription <= 1.0) return fabric_of(cluster, below, nullptr);
  LeafLayer leaves;
  leaves.nodes_per_leaf = below;
  leaves.uplink = cluster.nic.achievable_bandwidth.value * (below / cluster.oversubscription);
  return fabric_of(cluster, below, &leaves);
}

/// Rail-optimised leaf and spine: the NICs of one position of all nodes of a leaf meet in one
/// switch; a third layer is added where two do not reach. Its links do not bind when leaves do not.
class FatTree : public Topology {
 public:
  std::optional<std::string> refuses(const Cluster& cluster) const override {
    const double ports = cluster.switch_ports;
    const double reach = ports * ports * ports / 4;  // three layers, k^3/4 end points
    const double nics = static_cast<double>(cluster.nodes()) * cluster.nics_per_node;
    if (nics <= reach) return std::nullopt;
    return fmt::format(
        "three layers of {}-port switches reach {:.0f} NICs, and the cluster has {:.0f}",
        cluster.switch_ports, reach, nics);
  }
  Fabric build(const Cluster& cluster) const override { return build_leaves(cluster); }
};

/// One two-layer fat tree for each NIC of a node, without links between them (DeepSeek's MPFT,
/// arXiv 2505.09343, section 5.1): traffic changes planes inside a node.
class MultiPlaneFatTree : public Topology {
 public:
  std::optional<std::string> refuses(const Cluster& cluster) const override {
    const int reach = cluster.switch_ports * cluster.switch_ports / 2;  // k^2/2 end points
    if (cluster.nodes() <= reach) return std::nullopt;
    return fmt::format(
        "two layers of {}-port switches reach {} nodes a plane, and the cluster has {}",
        cluster.switch_ports, reach, cluster.nodes());
  }
  Fabric build(const Cluster& cluster) const override { return build_leaves(cluster); }
};

}  // namespace

std::unique_ptr<Topology> make_fat_tree() { return std::make_unique<FatTree>(); }
std::unique_ptr<Topology> make_multi_plane_fat_tree() {
  return std::make_unique<MultiPlaneFatTree>();
}

}  // namespace fleetwright
