#include "sim/topologies/node_links.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace fleetwright {

int nodes_per_leaf(const Cluster& cluster) {
  const double down =
      cluster.switch_ports * cluster.oversubscription / (1.0 + cluster.oversubscription);
  return std::max(1, static_cast<int>(std::floor(down)));
}

Fabric fabric_of(const Cluster& cluster, int nodes_per_leaf, const LeafLayer* binding_leaves) {
  FabricShape shape;
  shape.gpus = cluster.gpus;
  shape.gpus_per_node = cluster.gpus_per_node;
  shape.nics_per_node = cluster.nics_per_node;
  shape.nodes_per_leaf = nodes_per_leaf;
  shape.leaf_uplinks = binding_leaves != nullptr;
  const BytesPerSecond port = cluster.scale_up.achievable_bandwidth.value;
  const BytesPerSecond nic = cluster.nic.achievable_bandwidth.value;
  std::vector<FabricLink> links;
  for (int g = 0; g < cluster.gpus; ++g) {
    links.push_back({fmt::format("gpu{}.out", g), port});
    links.push_back({fmt::format("gpu{}.in", g), port});
  }
  for (int n = 0; n < cluster.nodes() * cluster.nics_per_node; ++n) {
    links.push_back({fmt::format("nic{}.out", n), nic});
    links.push_back({fmt::format("nic{}.in", n), nic});
  }
  if (binding_leaves != nullptr) {
    const int leaves = (cluster.nodes() + nodes_per_leaf - 1) / nodes_per_leaf;
    for (int leaf = 0; leaf < leaves; ++leaf) {
      for (int rail = 0; rail < cluster.nics_per_node; ++rail) {
        links.push_back({fmt::format("leaf{}.rail{}.up", leaf, rail), binding_leaves->uplink});
        links.push_back({fmt::format("leaf{}.rail{}.down", leaf, rail), binding_leaves->uplink});
      }
    }
  }
  const Seconds leaf_latency = cluster.nic.latency.value;
  const Seconds spine_latency =
      cluster.nic.latency_cross_leaf ? cluster.nic.latency_cross_leaf->value : leaf_latency;
  return Fabric(shape, std::move(links), cluster.scale_up.latency.value, leaf_latency,
                spine_latency);
}

}  // namespace fleetwright
