#include "sim/topologies/builtin_topologies.hpp"

#include <array>

#include "models/core/error.hpp"

namespace fleetwright {

std::span<const RegistryRow<TopologyFactory>> builtin_topologies() {
  static constexpr std::array<RegistryRow<TopologyFactory>, 3> table{{
      {"single-switch", "All NICs meet in one ideal switch.", make_single_switch},
      {"fat-tree", "Rail-optimised fat tree of two or three layers.", make_fat_tree},
      {"multi-plane-fat-tree", "A two-layer fat tree for each NIC of a node.",
       make_multi_plane_fat_tree},
  }};
  return table;
}

Fabric build_fabric(const Cluster& cluster) {
  const auto* row = find_row(builtin_topologies(), cluster.topology);
  ensure(row != nullptr, "a cluster's topology must be a known one");
  return row->make()->build(cluster);
}

}  // namespace fleetwright
