#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sim/collectives/column_flows.hpp"

namespace fleetwright {

/// Deals a transfer of a column out as a flow for each pair of nodes, or of GPUs, that exchange
/// bytes. A flow between nodes stands for those of all rails, on the NICs of one.
class PairFlows {
 public:
  /// All must outlive this. `stands_for` names the column that is simulated for each.
  PairFlows(const StageTraffic& traffic, const Fabric& fabric, const ColumnLayout& layout,
            const std::vector<int>& stands_for, const ColumnLoads& loads, Granularity granularity);

  [[nodiscard]] std::vector<ColumnFlow> of(const TransferShape& shape,
                                           const ColumnPart& part) const;

 private:
  void add_between_nodes(const TransferShape& shape, const ColumnPart& part,
                         std::vector<ColumnFlow>& flows) const;
  [[nodiscard]] std::vector<LinkUse> uses_between(
      const TransferShape& shape, const std::vector<Demand>& demands,
      const std::map<LinkId, std::uint32_t>& times) const;
  /// The GPU whose NIC stands for that of a receiver.
  [[nodiscard]] int receiver(const TransferShape& shape, int to) const;
  [[nodiscard]] int node_in_column(const TransferShape& shape, const ColumnPart& part,
                                   int gpu) const;
  void add_inside_nodes(const TransferShape& shape, const ColumnPart& part,
                        std::vector<ColumnFlow>& flows) const;
  void add_inside_node(const TransferShape& shape, const std::vector<int>& members,
                       std::vector<ColumnFlow>& flows) const;
  void add_sends_inside_nodes(const TransferShape& shape, const ColumnPart& part,
                              std::vector<ColumnFlow>& flows) const;

  const StageTraffic& traffic_;
  const Fabric& fabric_;
  const ColumnLayout& layout_;
  const std::vector<int>& stands_for_;
  const ColumnLoads& loads_;
  bool by_node_;
};

}  // namespace fleetwright
