#include "sim/collectives/port_flows.hpp"

#include <utility>

namespace fleetwright {

std::vector<FlowSpec> port_flows(const Fabric& fabric, const TransferShape& shape, int gpu,
                                 double sharers, const PeerCounts& peers) {
  std::vector<FlowSpec> flows;
  if (shape.scale_out > Bytes{0}) {
    flows.push_back({shape.scale_out * sharers,
                     {{fabric.nic_out(gpu), 1}, {fabric.nic_in(gpu), 1}},
                     gpu,
                     gpu,
                     peers.nodes * sharers});
  }
  Bytes through_port = shape.scale_up;
  if (fabric.shape().nics_behind_ports) through_port += shape.scale_out;
  if (through_port > Bytes{0}) {
    flows.push_back({through_port,
                     {{fabric.scale_up_out(gpu), 1}, {fabric.scale_up_in(gpu), 1}},
                     gpu,
                     gpu,
                     static_cast<double>(peers.in_node)});
  }
  return flows;
}

std::vector<FlowSpec> send_port_flows(const Fabric& fabric, Bytes bytes, int from, int to,
                                      double sharers) {
  FlowSpec ports{bytes, {}, from, to, 1};
  FlowSpec nics{bytes * sharers, {}, from, to, sharers};
  const auto first_nic = static_cast<LinkId>(2 * fabric.shape().gpus);
  for (const LinkUse& use : fabric.route(from, to)) {
    if (use.link >= fabric.first_network_link()) continue;
    (use.link < first_nic ? ports : nics).uses.push_back(use);
  }
  std::vector<FlowSpec> flows;
  if (!nics.uses.empty()) flows.push_back(std::move(nics));
  if (!ports.uses.empty()) flows.push_back(std::move(ports));
  return flows;
}

}  // namespace fleetwright
