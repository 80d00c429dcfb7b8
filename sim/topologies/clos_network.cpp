#include "sim/topologies/clos_network.hpp"

namespace fleetwright {

Way ClosNetwork::way(int from, int to) const {
  const int from_leaf = plan_.layout.leaf_of(from);
  const int to_leaf = plan_.layout.leaf_of(to);
  if (from_leaf == to_leaf) return {1, Seconds{0}};
  const bool one_pod = plan_.layers < 3 || plan_.pod_of(from_leaf) == plan_.pod_of(to_leaf);
  return {one_pod ? 3 : 5, Seconds{0}};
}

std::shared_ptr<const Network> make_clos(const ClosPlan& plan, const Cluster& cluster) {
  return cluster.routing == Routing::adaptive || plan.layers == 1 ? make_clos_bundles(plan, cluster)
                                                                  : make_clos_cables(plan, cluster);
}

}  // namespace fleetwright
