#include <fmt/core.h>

#include "sim/topologies/builtin_topologies.hpp"
#include "sim/topologies/clos_network.hpp"
#include "sim/topologies/wiring_rules.hpp"

namespace fleetwright {
namespace {

/// A switch for each rail and none between rails, so that all of a switch's ports are for NICs
/// (Wang et al., "Rail-only", arXiv 2307.12169): traffic changes rails inside a node.
class RailOnly : public Topology {
 public:
  [[nodiscard]] std::optional<WiringRefusal> refuses(const Cluster& c) const override {
    if (auto no = refuse_unused(c, {"rails"})) return no;
    if (auto no = refuse_layout(c, leaf_ports(c, 1), rails_of(c))) return no;
    if (plan_clos(c, rails_of(c), 1)) return std::nullopt;
    const int nics_a_rail = c.nics_per_node / rails_of(c);
    return WiringRefusal{
        "topology",
        fmt::format("a switch of {} ports joins a rail of {} nodes, and the cluster has {}",
                    c.switch_ports, c.switch_ports / nics_a_rail, c.nodes()),
        "multi-plane-fat-tree has two layers a rail"};
  }
  [[nodiscard]] std::shared_ptr<const Network> build(const Cluster& cluster) const override {
    return make_clos(reachable_plan(cluster, rails_of(cluster), 1), cluster);
  }
  [[nodiscard]] NetworkCounts counts(const Cluster& cluster) const override {
    return reachable_plan(cluster, rails_of(cluster), 1).counts();
  }
};

}  // namespace

std::unique_ptr<Topology> make_rail_only() { return std::make_unique<RailOnly>(); }

}  // namespace fleetwright
