#include "sim/topologies/leaf_layout.hpp"

#include <algorithm>

#include "models/core/error.hpp"

namespace fleetwright {

int rails_of(const Cluster& cluster) {
  if (cluster.rails > 0) return cluster.rails;
  // Nodes of more NICs are racks, in which trays of four or eight have the rails.
  int rails = std::min(8, cluster.nics_per_node);
  while (cluster.nics_per_node % rails != 0) --rails;
  return rails;
}

LeafLayout lay_out_leaves(const Cluster& cluster, int ports, int planes) {
  LeafLayout layout;
  layout.nodes = cluster.nodes();
  layout.nics_per_node = cluster.nics_per_node;
  layout.rails = rails_of(cluster);
  layout.planes = planes;
  ensure(layout.nics_per_node % layout.rails == 0, "rails that do not divide the NICs of a node");
  ensure(layout.rails % planes == 0, "planes that do not divide the rails");
  layout.nodes_per_leaf = std::max(1, ports / layout.nics_per_rail());
  return layout;
}

}  // namespace fleetwright
