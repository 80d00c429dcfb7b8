#include <fmt/core.h>

#include "models/core/error.hpp"
#include "sim/topologies/builtin_topologies.hpp"
#include "sim/topologies/dragonfly_network.hpp"
#include "sim/topologies/wiring_rules.hpp"

namespace fleetwright {
namespace {

/// Groups of fully joined switches, and cables between all groups. With adaptive routing a flow may
/// take a detour over a third group; hashed and fixed paths are the shortest.
class Dragonfly : public Topology {
 public:
  [[nodiscard]] std::optional<WiringRefusal> refuses(const Cluster& c) const override {
    if (auto no = refuse_unused(c, {"rails"})) return no;
    if (auto no = refuse_layout(c, dragonfly_ports(c), 1)) return no;
    if (plan_dragonfly(c)) return std::nullopt;
    return WiringRefusal{
        "topology",
        fmt::format("a dragonfly of {}-port switches reaches {:.0f} NICs, and the cluster has {}",
                    c.switch_ports, dragonfly_reach(c), c.nics()),
        ""};
  }
  [[nodiscard]] std::shared_ptr<const Network> build(const Cluster& cluster) const override {
    const DragonflyPlan plan = plan_of(cluster);
    return cluster.routing == Routing::adaptive ? make_dragonfly_bundles(plan, cluster)
                                                : make_dragonfly_cables(plan, cluster);
  }
  [[nodiscard]] NetworkCounts counts(const Cluster& cluster) const override {
    return plan_of(cluster).counts();
  }

 private:
  static DragonflyPlan plan_of(const Cluster& cluster) {
    const auto plan = plan_dragonfly(cluster);
    ensure(plan.has_value(), "a dragonfly that does not reach its NICs");
    return *plan;
  }
};

}  // namespace

std::unique_ptr<Topology> make_dragonfly() { return std::make_unique<Dragonfly>(); }

}  // namespace fleetwright
