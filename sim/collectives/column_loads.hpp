#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "sim/collectives/stage_flows.hpp"
#include "sim/columns.hpp"

namespace fleetwright {

/// What each column of a stage sends, and which part of the network's load is whose.
class ColumnLoads {
 public:
  /// Traffic and fabric must outlive this.
  ColumnLoads(const StageTraffic& traffic, const Fabric& fabric, const ColumnLayout& layout);

  /// What the GPUs of a column send when each GPU of the stage sends one byte.
  [[nodiscard]] const std::vector<Demand>& demands(const TransferShape& shape, int column) const;
  /// What some columns then put on the links that decide when the stage is done.
  [[nodiscard]] std::vector<LinkLoad> loads(const TransferShape& shape,
                                            const std::vector<int>& columns) const;

 private:
  struct OfStage {
    std::vector<std::vector<Demand>> demands;  // of each column
    std::vector<std::vector<LinkLoad>> loads;  // of each column; ascending by link
  };
  [[nodiscard]] const OfStage& of_stage(const TransferShape& shape) const;

  const StageTraffic& traffic_;
  const Fabric& fabric_;
  ColumnLayout layout_;
  using Key = std::tuple<TransferPattern, CommunicationGroup, int, int>;
  mutable std::map<Key, OfStage> known_;
};

}  // namespace fleetwright
