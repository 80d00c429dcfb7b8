#include "sim/topologies/builtin_topologies.hpp"
#include "sim/topologies/node_links.hpp"

namespace fleetwright {
namespace {

/// All NICs meet in one ideal switch: the upper bound of any network.
class SingleSwitch : public Topology {
 public:
  std::optional<std::string> refuses(const Cluster&) const override { return std::nullopt; }
  Fabric build(const Cluster& cluster) const override {
    return fabric_of(cluster, cluster.nodes(), nullptr);
  }
};

}  // namespace

std::unique_ptr<Topology> make_single_switch() { return std::make_unique<SingleSwitch>(); }

}  // namespace fleetwright
