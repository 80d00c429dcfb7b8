#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "sim/collectives/stage_traffic.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// How many others each GPU of a transfer sends to.
struct PeerCounts {
  int nodes = 0;    // over its NIC
  int in_node = 0;  // over its scale-up port
};

[[nodiscard]] PeerCounts peers_of(const TransferShape& shape, const StageTraffic& traffic,
                                  const Fabric& fabric);

/// The bytes of each demand of a stage of which each GPU sends one byte.
[[nodiscard]] Bytes part_of_a_byte(const TransferShape& shape, const PeerCounts& peers);

/// Flows of one byte as flows of `bytes`.
[[nodiscard]] std::vector<FlowSpec> scaled(std::vector<FlowSpec> flows, Bytes bytes);

/// The flows of a transfer as one GPU of a stage sees it, all other GPUs doing the same: over its
/// own ports, and over links of the network that the whole stage loads.
class StageFlows {
 public:
  /// The fabric must outlive this.
  StageFlows(const StageTraffic& traffic, const Fabric& fabric);

  [[nodiscard]] std::vector<FlowSpec> of(const TransferShape& shape) const;

 private:
  [[nodiscard]] std::vector<FlowSpec> through_network(const TransferShape& shape,
                                                      const PeerCounts& peers) const;

  const StageTraffic& traffic_;
  const Fabric& fabric_;
  /// Network flows of one byte a GPU: a step asks for the same ones for each layer.
  mutable std::map<std::tuple<TransferPattern, CommunicationGroup, int, int>, std::vector<FlowSpec>>
      of_a_byte_;
};

}  // namespace fleetwright
