#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "sim/fabric.hpp"
#include "sim/step_program.hpp"
#include "sim/topologies/clos_network.hpp"

namespace fleetwright::testing {

using namespace fleetwright::literals;

/// Capacities of the links of a test fabric; round numbers, so that times can be written down.
struct FabricSpeeds {
  BytesPerSecond scale_up{400e9};
  BytesPerSecond nic{50e9};
  BytesPerSecond leaf{100e9};
};

inline Fabric make_fabric(const FabricShape& shape, const FabricSpeeds& speeds = {},
                          std::shared_ptr<const Network> network = nullptr) {
  const auto scale_up = static_cast<std::size_t>(2 * shape.gpus);
  std::vector<FabricLink> links;
  for (std::size_t i = 0; i < Fabric::link_count(shape); ++i) {
    links.push_back({"link " + std::to_string(i), i < scale_up ? speeds.scale_up : speeds.nic});
  }
  if (network) {
    for (const NetworkLink& link : network->links()) links.push_back({link.name, link.capacity});
  }
  return Fabric(shape, std::move(links), 2_us, 5_us, 9_us, std::move(network));
}

/// A fabric whose leaf switches have thin uplinks: rail by rail, so many nodes below each.
inline Fabric make_leaf_fabric(const FabricShape& shape, int nodes_per_leaf,
                               const FabricSpeeds& speeds = {}) {
  ClosPlan plan;
  plan.layout = {shape.gpus / shape.gpus_per_node, shape.nics_per_node, shape.nics_per_node, 1,
                 nodes_per_leaf};
  plan.layers = 2;
  plan.uplinks = plan.tops = 1;
  plan.leaves_per_pod = plan.layout.leaves();
  Cluster cluster;
  cluster.nic.achievable_bandwidth.value = speeds.leaf;
  return make_fabric(shape, speeds, make_clos_bundles(plan, cluster));
}

/// GPUs alone, whose scale-up links serve as a stock of single links of the given capacities.
inline Fabric loose_links(const std::vector<BytesPerSecond>& capacities) {
  FabricShape shape;
  shape.gpus = std::max(2, static_cast<int>(capacities.size() + 1) / 2);
  std::vector<FabricLink> links;
  for (std::size_t i = 0; i < Fabric::link_count(shape); ++i) {
    links.push_back(
        {"link " + std::to_string(i), i < capacities.size() ? capacities[i] : BytesPerSecond{1e9}});
  }
  return Fabric(shape, std::move(links), 0_s, 0_s, 0_s);
}

inline TaskSpec kernel(std::uint32_t lane, Seconds duration, std::string_view label = "kernel") {
  TaskSpec spec;
  spec.lane = lane;
  spec.delay = duration;
  spec.label = label;
  return spec;
}

/// A flow between two GPUs along their route.
inline FlowSpec flow_between(const Fabric& fabric, int from, int to, Bytes bytes) {
  return {bytes, fabric.route(from, to), from, to};
}

}  // namespace fleetwright::testing
