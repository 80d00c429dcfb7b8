#include <fmt/core.h>

#include "sim/topologies/builtin_topologies.hpp"
#include "sim/topologies/clos_network.hpp"
#include "sim/topologies/wiring_rules.hpp"

namespace fleetwright {
namespace {

int planes_of(const Cluster& cluster) {
  return cluster.planes > 0 ? cluster.planes : rails_of(cluster);
}

/// Two-layer fat trees without links between them, one for each NIC of a node (DeepSeek's MPFT,
/// arXiv 2505.09343, section 5.1) or for as many NICs as there are planes: traffic changes planes
/// inside a node.
class MultiPlaneFatTree : public Topology {
 public:
  [[nodiscard]] std::optional<WiringRefusal> refuses(const Cluster& c) const override {
    if (auto no = refuse_unused(c, {"oversubscription", "rails", "planes"})) return no;
    if (auto no = refuse_layout(c, leaf_ports(c, 2), planes_of(c))) return no;
    if (plan_clos(c, planes_of(c), 2)) return std::nullopt;
    const int nics_a_plane = c.nics_per_node / planes_of(c);
    return WiringRefusal{
        "topology",
        fmt::format(
            "two layers of {}-port switches reach {:.0f} nodes a plane, and the cluster has {}",
            c.switch_ports, clos_reach(c, planes_of(c), 2) / nics_a_plane, c.nodes()),
        ""};
  }
  [[nodiscard]] std::shared_ptr<const Network> build(const Cluster& cluster) const override {
    return make_clos(reachable_plan(cluster, planes_of(cluster), 2), cluster);
  }
  [[nodiscard]] NetworkCounts counts(const Cluster& cluster) const override {
    return reachable_plan(cluster, planes_of(cluster), 2).counts();
  }
};

}  // namespace

std::unique_ptr<Topology> make_multi_plane_fat_tree() {
  return std::make_unique<MultiPlaneFatTree>();
}

}  // namespace fleetwright
