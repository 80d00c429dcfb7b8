#include <fmt/core.h>

#include "models/core/error.hpp"
#include "sim/topologies/data_centres.hpp"
#include "sim/topologies/topology.hpp"
#include "sim/topologies/wiring_rules.hpp"

namespace fleetwright {
namespace {

std::unique_ptr<Topology> topology_of(const Cluster& cluster) {
  const auto* row = find_row(builtin_topologies(), cluster.topology);
  ensure(row != nullptr, "a cluster's topology must be a known one");
  return row->make();
}

/// The part of a cluster that is in one data centre.
Cluster one_centre(Cluster cluster) {
  cluster.gpus /= cluster.data_centres.count;
  cluster.data_centres.count = 1;
  return cluster;
}

// With room for those of the network, so that millions of links are not moved.
std::vector<FabricLink> node_links(const Cluster& cluster, std::size_t network_links) {
  const BytesPerSecond port = cluster.scale_up.achievable_bandwidth.value;
  const BytesPerSecond nic = cluster.nic.achievable_bandwidth.value;
  std::vector<FabricLink> links;
  links.reserve(2 * static_cast<std::size_t>(cluster.gpus + cluster.nics()) + network_links);
  for (int g = 0; g < cluster.gpus; ++g) {
    links.push_back({fmt::format("gpu{}.out", g), port});
    links.push_back({fmt::format("gpu{}.in", g), port});
  }
  for (int n = 0; n < cluster.nics(); ++n) {
    links.push_back({fmt::format("nic{}.out", n), nic});
    links.push_back({fmt::format("nic{}.in", n), nic});
  }
  return links;
}

}  // namespace

std::optional<WiringRefusal> refuses_wiring(const Cluster& cluster) {
  const int centres = cluster.data_centres.count;
  if (cluster.nodes() % centres != 0) {
    return WiringRefusal{
        "data_centres",
        fmt::format("{} data centres do not get equally many of {} nodes", centres,
                    cluster.nodes()),
        fmt::format("use a divisor, such as {}", largest_divisor(cluster.nodes(), centres))};
  }
  return topology_of(cluster)->refuses(one_centre(cluster));
}

Fabric build_fabric(const Cluster& cluster) {
  std::shared_ptr<const Network> network = topology_of(cluster)->build(one_centre(cluster));
  if (cluster.data_centres.count > 1) {
    network = join_data_centres(network, cluster.data_centres, one_centre(cluster).nics());
  }
  std::vector<FabricLink> links = node_links(cluster, network->links().size());
  for (const NetworkLink& link : network->links()) links.push_back({link.name, link.capacity});
  const Seconds leaf_latency = cluster.nic.latency.value;
  const Seconds spine_latency =
      cluster.nic.latency_cross_leaf ? cluster.nic.latency_cross_leaf->value : leaf_latency;
  const FabricShape shape{cluster.gpus, cluster.gpus_per_node, cluster.nics_per_node,
                          cluster.scale_up.carries_nic_traffic};
  return {shape,        std::move(links), cluster.scale_up.latency.value,
          leaf_latency, spine_latency,    std::move(network)};
}

NetworkCounts count_network(const Cluster& cluster) {
  NetworkCounts counts = topology_of(cluster)->counts(one_centre(cluster));
  const int centres = cluster.data_centres.count;
  counts.end_points *= centres;
  counts.switches *= centres;
  counts.switch_links *= centres;
  counts.transceivers *= centres;
  return counts;
}

std::string_view to_string(Routing routing) {
  switch (routing) {
    case Routing::adaptive:
      return "adaptive";
    case Routing::ecmp:
      return "ecmp";
    case Routing::fixed:
      return "static";
  }
  fail_invariant("Routing", "unknown value");
}

}  // namespace fleetwright
