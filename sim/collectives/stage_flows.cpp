#include "sim/collectives/stage_flows.hpp"

#include <algorithm>
#include <iterator>

#include "sim/collectives/group_traffic.hpp"
#include "sim/collectives/network_flows.hpp"
#include "sim/collectives/port_flows.hpp"

namespace fleetwright {

PeerCounts peers_of(const TransferShape& shape, const StageTraffic& traffic, const Fabric& fabric) {
  if (shape.pattern != TransferPattern::exchange) return {1, 1};
  const MembersByNode nodes = members_by_node(fabric, traffic.group(shape.group, shape.gpu));
  return {std::max(1, static_cast<int>(nodes.size()) - 1),
          std::max(1, static_cast<int>(nodes.front().size()) - 1)};
}

Bytes part_of_a_byte(const TransferShape& shape, const PeerCounts& peers) {
  return Bytes{shape.pattern == TransferPattern::exchange ? 1.0 / peers.nodes : 1.0};
}

std::vector<FlowSpec> scaled(std::vector<FlowSpec> flows, Bytes bytes) {
  for (FlowSpec& flow : flows) flow.bytes *= bytes.si();
  return flows;
}

StageFlows::StageFlows(const StageTraffic& traffic, const Fabric& fabric)
    : traffic_(traffic), fabric_(fabric) {}

std::vector<FlowSpec> StageFlows::of(const TransferShape& shape) const {
  const PeerCounts peers = peers_of(shape, traffic_, fabric_);
  const auto sharers = static_cast<double>(traffic_.sharing_nic(shape.gpu).size());
  std::vector<FlowSpec> flows =
      shape.pattern == TransferPattern::send
          ? send_port_flows(fabric_, shape.scale_out + shape.scale_up, shape.gpu, shape.to, sharers)
          : port_flows(fabric_, shape, shape.gpu, sharers, peers);
  if (shape.scale_out > Bytes{0}) {
    std::ranges::move(through_network(shape, peers), std::back_inserter(flows));
  }
  return flows;
}

std::vector<FlowSpec> StageFlows::through_network(const TransferShape& shape,
                                                  const PeerCounts& peers) const {
  if (fabric_.network().links().empty()) return {};
  const auto [at, is_new] =
      of_a_byte_.try_emplace({shape.pattern, shape.group, shape.gpu, shape.to});
  if (is_new) {
    at->second = flows_of_loads(deciding_loads(fabric_, traffic_.demands(shape)),
                                part_of_a_byte(shape, peers), shape.gpu);
  }
  return scaled(at->second, shape.scale_out);
}

}  // namespace fleetwright
