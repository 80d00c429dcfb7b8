#include "sim/collectives/pair_flows.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "sim/collectives/group_traffic.hpp"
#include "sim/collectives/port_flows.hpp"

namespace fleetwright {
namespace {

/// Links in the order in which they were first met, with their weights.
class UseCounter {
 public:
  void add(LinkId link, std::uint32_t weight) {
    const auto found = std::ranges::find(uses_, link, &LinkUse::link);
    if (found == uses_.end()) {
      uses_.push_back({link, weight});
    } else {
      found->weight += weight;
    }
  }
  [[nodiscard]] std::vector<LinkUse> take() { return std::move(uses_); }

 private:
  std::vector<LinkUse> uses_;
};

/// How many columns load each link as one does: it stands for them all.
std::map<LinkId, std::uint32_t> shares(const TransferShape& shape, const ColumnPart& part,
                                       const ColumnLoads& loads) {
  std::map<LinkId, std::uint32_t> times;
  if (part.represents.size() == 1) return times;
  std::map<LinkId, double> own;
  for (const LinkLoad& load : loads.loads(shape, {part.column})) own[load.link] = load.bytes.si();
  for (const LinkLoad& load : loads.loads(shape, part.represents)) {
    const auto found = own.find(load.link);
    if (found == own.end()) continue;
    times[load.link] =
        static_cast<std::uint32_t>(std::max(1.0, std::round(load.bytes.si() / found->second)));
  }
  return times;
}

}  // namespace

PairFlows::PairFlows(const StageTraffic& traffic, const Fabric& fabric, const ColumnLayout& layout,
                     const std::vector<int>& stands_for, const ColumnLoads& loads,
                     Granularity granularity)
    : traffic_(traffic),
      fabric_(fabric),
      layout_(layout),
      stands_for_(stands_for),
      loads_(loads),
      by_node_(granularity == Granularity::node) {}

std::vector<ColumnFlow> PairFlows::of(const TransferShape& shape, const ColumnPart& part) const {
  std::vector<ColumnFlow> flows;
  if (shape.scale_out > Bytes{0}) add_between_nodes(shape, part, flows);
  if (shape.pattern == TransferPattern::send) {
    if (shape.scale_up > Bytes{0}) add_sends_inside_nodes(shape, part, flows);
  } else if (shape.scale_up > Bytes{0} ||
             (fabric_.shape().nics_behind_ports && shape.scale_out > Bytes{0})) {
    add_inside_nodes(shape, part, flows);
  }
  return flows;
}

// What a stage shares with its other copy comes back to it from there, at the same time; what it
// sends to a column that is not simulated comes back from that one.
int PairFlows::receiver(const TransferShape& shape, int to) const {
  if (shape.pattern == TransferPattern::send) {
    const int column = stands_for_[static_cast<std::size_t>(layout_.column_of(to))];
    return to + (column - layout_.column_of(to)) * layout_.width;
  }
  const int first = traffic_.first_of_stage(shape.gpu);
  const int column = stands_for_[static_cast<std::size_t>(layout_.column_of(to))];
  return layout_.gpu_in(column, first + to % layout_.width);
}

// The NICs of the first demand, and what the network has between those of all.
std::vector<LinkUse> PairFlows::uses_between(const TransferShape& shape,
                                             const std::vector<Demand>& demands,
                                             const std::map<LinkId, std::uint32_t>& times) const {
  const int nics_per_node = fabric_.shape().nics_per_node;
  const auto& links = fabric_.network().links();
  const auto nic_from = [&](const Demand& d) {
    return fabric_.nic_of(fabric_.sender(d.from, d.to));
  };
  const int queue_pairs = fabric_.network().flows_per_pair();
  const int from = nic_from(demands.front());
  const int to = fabric_.nic_of(demands.front().to);
  UseCounter uses;
  for (const Demand& d : demands) {
    const int nic_to = fabric_.nic_of(d.to);
    const auto queues = static_cast<std::uint32_t>(queue_pairs);
    if (nic_from(d) == from) uses.add(fabric_.nic_out(fabric_.sender(d.from, d.to)), queues);
    if (nic_to == to) uses.add(fabric_.nic_in(receiver(shape, d.to)), queues);
    const bool same_rail = nic_to % nics_per_node == to % nics_per_node;
    for (int queue = 0; queue < queue_pairs; ++queue) {
      for (const LinkId link :
           fabric_.network().route(nic_from(d), nic_to, static_cast<std::uint64_t>(queue))) {
        if (links[link].rail >= 0 && !same_rail) continue;
        const LinkId id = fabric_.first_network_link() + link;
        const auto found = times.find(id);
        uses.add(id, found == times.end() ? 1 : found->second);
      }
    }
  }
  return uses.take();
}

void PairFlows::add_between_nodes(const TransferShape& shape, const ColumnPart& part,
                                  std::vector<ColumnFlow>& flows) const {
  const std::map<LinkId, std::uint32_t> times = shares(shape, part, loads_);
  std::map<std::pair<int, int>, std::vector<Demand>> pairs;
  for (const Demand& d : loads_.demands(shape, part.column)) {
    const std::pair key = by_node_ ? std::pair{fabric_.node_of(d.from), fabric_.node_of(d.to)}
                                   : std::pair{d.from, d.to};
    pairs[key].push_back(d);
  }
  // Tokens go to a loaded node, and their results come back from it.
  const bool returns = shape.expert_time > Seconds{0};
  for (const auto& [key, demands] : pairs) {
    const Demand& d = demands.front();
    const Bytes each = d.bytes * shape.scale_out.si() / fabric_.network().flows_per_pair();
    ColumnFlow flow{{each, uses_between(shape, demands, times), d.from, d.to, 1.0}};
    if (shape.pattern == TransferPattern::exchange) {
      flow.follows = FollowsLoad::of_node;
      flow.node = node_in_column(shape, part, returns ? d.from : d.to);
    }
    flows.push_back(std::move(flow));
    if (shape.pattern != TransferPattern::send) continue;
    for (FlowSpec& port : send_port_flows(fabric_, shape.scale_out, d.from, d.to, 1)) {
      if (port.uses.front().link < fabric_.nic_out(0)) flows.push_back({std::move(port)});
    }
  }
}

int PairFlows::node_in_column(const TransferShape& shape, const ColumnPart& part, int gpu) const {
  const int first = layout_.gpu_in(part.column, traffic_.first_of_stage(shape.gpu));
  return fabric_.node_of(gpu) - fabric_.node_of(first);
}

void PairFlows::add_inside_nodes(const TransferShape& shape, const ColumnPart& part,
                                 std::vector<ColumnFlow>& flows) const {
  const int first = layout_.gpu_in(part.column, traffic_.first_of_stage(shape.gpu));
  std::vector<bool> seen(static_cast<std::size_t>(layout_.width), false);
  for (int gpu = first; gpu < first + layout_.width; ++gpu) {
    if (seen[static_cast<std::size_t>(gpu - first)]) continue;
    for (const std::vector<int>& members :
         members_by_node(fabric_, traffic_.group(shape.group, gpu))) {
      std::vector<int> own;
      for (const int member : members) {
        if (member < first || member >= first + layout_.width) continue;
        seen[static_cast<std::size_t>(member - first)] = true;
        own.push_back(member);
      }
      if (!own.empty()) add_inside_node(shape, own, flows);
    }
  }
}

// Members of one node: all of them on the port of the first, or each pair on its own ports. What
// other columns in the node do is theirs.
void PairFlows::add_inside_node(const TransferShape& shape, const std::vector<int>& members,
                                std::vector<ColumnFlow>& flows) const {
  const bool exchanges = shape.pattern == TransferPattern::exchange;
  const int peers = exchanges ? std::max(1, static_cast<int>(members.size()) - 1) : 1;
  const bool behind = fabric_.shape().nics_behind_ports;
  const auto on_port = [&](int from, int to, Bytes bytes, double stands_for) {
    if (bytes <= Bytes{0}) return;
    flows.push_back({{bytes,
                      {{fabric_.scale_up_out(from), 1}, {fabric_.scale_up_in(to), 1}},
                      from,
                      to,
                      stands_for},
                     exchanges ? FollowsLoad::of_fullest_gpu : FollowsLoad::none});
  };
  if (by_node_ || members.size() == 1) {
    for (const int member : members) {
      on_port(member, member, shape.scale_up + (behind ? shape.scale_out : Bytes{0}), peers);
      if (by_node_) return;
    }
    return;
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (behind) on_port(members[i], members[i], shape.scale_out, 1);
    for (int next = 1; next <= peers; ++next) {
      on_port(members[i], members[(i + static_cast<std::size_t>(next)) % members.size()],
              shape.scale_up / peers, 1);
    }
  }
}

void PairFlows::add_sends_inside_nodes(const TransferShape& shape, const ColumnPart& part,
                                       std::vector<ColumnFlow>& flows) const {
  for (const Demand& d : loads_.demands(shape, part.column)) {
    if (fabric_.node_of(d.from) != fabric_.node_of(d.to)) continue;
    flows.push_back({{shape.scale_up, fabric_.route(d.from, d.to), d.from, d.to, 1.0}});
    if (by_node_) return;
  }
}

}  // namespace fleetwright
