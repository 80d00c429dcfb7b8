#include "sim/collectives/column_loads.hpp"

#include <algorithm>

#include "sim/collectives/network_flows.hpp"

namespace fleetwright {

ColumnLoads::ColumnLoads(const StageTraffic& traffic, const Fabric& fabric,
                         const ColumnLayout& layout)
    : traffic_(traffic), fabric_(fabric), layout_(layout) {}

// A network may split what several columns send otherwise than what each sends alone (adaptive
// routing), so each gets its part of the load of all.
const ColumnLoads::OfStage& ColumnLoads::of_stage(const TransferShape& shape) const {
  const auto [at, is_new] = known_.try_emplace({shape.pattern, shape.group, shape.gpu, shape.to});
  if (!is_new) return at->second;
  OfStage& stage = at->second;
  stage.demands.resize(static_cast<std::size_t>(layout_.count));
  stage.loads.resize(stage.demands.size());
  const std::vector<Demand> all = traffic_.demands(shape);
  for (const Demand& demand : all) {
    stage.demands[static_cast<std::size_t>(layout_.column_of(demand.from))].push_back(demand);
  }
  std::map<LinkId, Bytes> deciding;
  for (const LinkLoad& load : deciding_loads(fabric_, all)) deciding[load.link] = load.bytes;
  if (deciding.empty()) return stage;

  std::map<LinkId, Bytes> sum;
  for (std::size_t column = 0; column < stage.demands.size(); ++column) {
    for (const LinkLoad& load : fabric_.network_loads(stage.demands[column])) {
      if (!deciding.contains(load.link)) continue;
      stage.loads[column].push_back(load);
      sum[load.link] += load.bytes;
    }
    std::ranges::sort(stage.loads[column], {}, &LinkLoad::link);
  }
  for (std::vector<LinkLoad>& loads : stage.loads) {
    for (LinkLoad& load : loads) load.bytes *= deciding[load.link] / sum[load.link];
  }
  return stage;
}

const std::vector<Demand>& ColumnLoads::demands(const TransferShape& shape, int column) const {
  return of_stage(shape).demands[static_cast<std::size_t>(column)];
}

std::vector<LinkLoad> ColumnLoads::loads(const TransferShape& shape,
                                         const std::vector<int>& columns) const {
  const OfStage& stage = of_stage(shape);
  std::map<LinkId, Bytes> sum;
  for (const int column : columns) {
    for (const LinkLoad& load : stage.loads[static_cast<std::size_t>(column)]) {
      sum[load.link] += load.bytes;
    }
  }
  std::vector<LinkLoad> loads;
  for (const auto& [link, bytes] : sum) loads.push_back({link, bytes});
  return loads;
}

}  // namespace fleetwright
