#pragma once

#include <cstdint>
#include <vector>

#include "sim/collectives/column_loads.hpp"
#include "sim/granularity.hpp"

namespace fleetwright {

/// A column that is simulated, for itself and for others that do the same.
struct ColumnPart {
  int column = 0;
  std::vector<int> represents;  // itself among them
};

/// What the bytes of a flow follow where routing is uneven.
enum class FollowsLoad : std::uint8_t { none, of_node, of_fullest_node, of_fullest_gpu };

/// A flow of a column's transfer.
struct ColumnFlow {
  FlowSpec flow;
  FollowsLoad follows = FollowsLoad::none;
  int node = 0;  // of the column
};

/// Deals the transfers of a step out as flows, for one column at a time.
class ColumnFlows {
 public:
  /// Traffic and fabric must outlive this. The parts represent each column once.
  ColumnFlows(const StageTraffic& traffic, const Fabric& fabric, const ColumnLayout& layout,
              const std::vector<ColumnPart>& parts, Granularity granularity);

  [[nodiscard]] std::vector<ColumnFlow> of(const TransferShape& shape,
                                           const ColumnPart& part) const;

 private:
  [[nodiscard]] std::vector<ColumnFlow> coflows(const TransferShape& shape,
                                                const ColumnPart& part) const;
  /// GPUs that load the NIC of a GPU in a part, of the columns that it stands for.
  [[nodiscard]] double sharers(int gpu, const ColumnPart& part) const;

  const StageTraffic& traffic_;
  const Fabric& fabric_;
  ColumnLayout layout_;
  std::vector<int> stands_for_;  // of each column: the one that is simulated for it
  std::vector<int> all_columns_;
  Granularity granularity_;
  ColumnLoads loads_;
};

}  // namespace fleetwright
