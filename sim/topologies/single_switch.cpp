#include "sim/topologies/builtin_topologies.hpp"
#include "sim/topologies/ideal_switch.hpp"
#include "sim/topologies/wiring_rules.hpp"

namespace fleetwright {
namespace {

/// All NICs meet in one ideal switch: the upper bound of any network.
class SingleSwitch : public Topology {
 public:
  [[nodiscard]] std::optional<WiringRefusal> refuses(const Cluster& cluster) const override {
    return refuse_unused(cluster, {});
  }
  [[nodiscard]] std::shared_ptr<const Network> build(const Cluster& /*cluster*/) const override {
    return std::make_shared<IdealSwitch>();
  }
  [[nodiscard]] NetworkCounts counts(const Cluster& cluster) const override {
    return count_parts(cluster.nics(), 1, 0, false);
  }
};

}  // namespace

std::unique_ptr<Topology> make_single_switch() { return std::make_unique<SingleSwitch>(); }

}  // namespace fleetwright
