#include "sim/collectives/column_flows.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "sim/collectives/network_flows.hpp"
#include "sim/collectives/pair_flows.hpp"
#include "sim/collectives/port_flows.hpp"

namespace fleetwright {

ColumnFlows::ColumnFlows(const StageTraffic& traffic, const Fabric& fabric,
                         const ColumnLayout& layout, const std::vector<ColumnPart>& parts,
                         Granularity granularity)
    : traffic_(traffic),
      fabric_(fabric),
      layout_(layout),
      stands_for_(static_cast<std::size_t>(layout.count)),
      all_columns_(static_cast<std::size_t>(layout.count)),
      granularity_(granularity),
      loads_(traffic, fabric, layout) {
  std::iota(all_columns_.begin(), all_columns_.end(), 0);
  for (const ColumnPart& part : parts) {
    for (const int column : part.represents) {
      stands_for_[static_cast<std::size_t>(column)] = part.column;
    }
  }
}

std::vector<ColumnFlow> ColumnFlows::of(const TransferShape& shape, const ColumnPart& part) const {
  const bool pairs = granularity_ == Granularity::node || granularity_ == Granularity::gpu;
  if (!pairs) return coflows(shape, part);
  return PairFlows(traffic_, fabric_, layout_, stands_for_, loads_, granularity_).of(shape, part);
}

double ColumnFlows::sharers(int gpu, const ColumnPart& part) const {
  int count = 0;
  for (const int other : traffic_.sharing_nic(gpu)) {
    const int simulated = stands_for_[static_cast<std::size_t>(layout_.column_of(other))];
    if (simulated == part.column) ++count;
  }
  return count;
}

std::vector<ColumnFlow> ColumnFlows::coflows(const TransferShape& shape,
                                             const ColumnPart& part) const {
  const PeerCounts peers = peers_of(shape, traffic_, fabric_);
  const int gpu = layout_.gpu_in(part.column, shape.gpu);
  std::vector<FlowSpec> flows =
      shape.pattern == TransferPattern::send
          ? send_port_flows(fabric_, shape.scale_out + shape.scale_up, gpu,
                            layout_.gpu_in(part.column, shape.to), sharers(gpu, part))
          : port_flows(fabric_, shape, gpu, sharers(gpu, part), peers);
  if (shape.scale_out > Bytes{0}) {
    // Alone on its links is a transfer of all columns.
    const std::vector<int>& columns =
        granularity_ == Granularity::analytic ? all_columns_ : part.represents;
    std::ranges::move(
        scaled(flows_of_loads(loads_.loads(shape, columns), part_of_a_byte(shape, peers), gpu),
               shape.scale_out),
        std::back_inserter(flows));
  }
  // Ports and NICs are as full as the fullest of their kind; links of the network have the sum of
  // many.
  const auto follows = [&](const FlowSpec& flow) {
    const LinkId link = flow.uses.front().link;
    if (shape.pattern != TransferPattern::exchange || link >= fabric_.first_network_link()) {
      return FollowsLoad::none;
    }
    return link < fabric_.nic_out(0) ? FollowsLoad::of_fullest_gpu : FollowsLoad::of_fullest_node;
  };
  std::vector<ColumnFlow> result;
  for (FlowSpec& flow : flows) {
    const FollowsLoad load = follows(flow);
    result.push_back({std::move(flow), load});
  }
  return result;
}

}  // namespace fleetwright
