#include <fmt/core.h>

#include "sim/topologies/builtin_topologies.hpp"
#include "sim/topologies/clos_network.hpp"
#include "sim/topologies/wiring_rules.hpp"

namespace fleetwright {
namespace {

/// Rail-optimised leaf and spine: the NICs of one position of all nodes of a block meet in one
/// switch; a third layer of pods and cores is added where two do not reach.
class FatTree : public Topology {
 public:
  [[nodiscard]] std::optional<WiringRefusal> refuses(const Cluster& c) const override {
    if (auto no =
            refuse_unused(c, {"oversubscription", "core_oversubscription", "layers", "rails"}))
      return no;
    if (auto no = refuse_layout(c, leaf_ports(c, 3), 1)) return no;
    const auto plan = plan_clos(c, 1, 3);
    if (!plan) {
      constexpr std::string_view counts[] = {"one layer", "two layers", "three layers"};
      const int layers = c.layers > 0 ? c.layers : 3;
      return WiringRefusal{
          c.layers > 0 ? "layers" : "topology",
          fmt::format("{} of {}-port switches reach {:.0f} NICs, and the cluster has {}",
                      counts[layers - 1], c.switch_ports, clos_reach(c, 1, layers), c.nics()),
          ""};
    }
    if (c.core_oversubscription > 1 && plan->layers < 3) {
      return WiringRefusal{
          "core_oversubscription",
          fmt::format(
              "core_oversubscription thins the third layer of switches, and {} will do here",
              plan->layers),
          "add layers = 3, or remove it"};
    }
    return std::nullopt;
  }
  [[nodiscard]] std::shared_ptr<const Network> build(const Cluster& cluster) const override {
    return make_clos(reachable_plan(cluster, 1, 3), cluster);
  }
  [[nodiscard]] NetworkCounts counts(const Cluster& cluster) const override {
    return reachable_plan(cluster, 1, 3).counts();
  }
};

}  // namespace

std::unique_ptr<Topology> make_fat_tree() { return std::make_unique<FatTree>(); }

}  // namespace fleetwright
