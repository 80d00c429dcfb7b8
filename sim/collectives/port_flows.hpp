#pragma once

#include <vector>

#include "sim/collectives/stage_flows.hpp"
#include "sim/collectives/transfer_shape.hpp"
#include "sim/fabric.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// What a transfer puts on the links of one GPU's own NIC and scale-up port, both ways. `sharers`
/// GPUs load that NIC alike. A flow stands for as many as the GPU has peers.
[[nodiscard]] std::vector<FlowSpec> port_flows(const Fabric& fabric, const TransferShape& shape,
                                               int gpu, double sharers, const PeerCounts& peers);

/// A send from one GPU to another, on the ports of both; `sharers` send over that NIC.
[[nodiscard]] std::vector<FlowSpec> send_port_flows(const Fabric& fabric, Bytes bytes, int from,
                                                    int to, double sharers);

}  // namespace fleetwright
