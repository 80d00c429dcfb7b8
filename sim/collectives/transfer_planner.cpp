#include "sim/collectives/transfer_planner.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "models/core/error.hpp"
#include "profiles/hardware_data.hpp"
#include "sim/collectives/network_flows.hpp"

namespace fleetwright {
namespace {

bool shares_gradients(CommunicationGroup group) {
  return group == CommunicationGroup::data || group == CommunicationGroup::expert_data;
}

/// Flows of one byte as flows of `bytes`.
std::vector<FlowSpec> scaled(std::vector<FlowSpec> flows, Bytes bytes) {
  for (FlowSpec& flow : flows) flow.bytes *= bytes.si();
  return flows;
}

void append(std::vector<FlowSpec> more, std::vector<FlowSpec>& flows) {
  std::ranges::move(more, std::back_inserter(flows));
}

}  // namespace

TransferPlanner::TransferPlanner(const StepSetup& setup, const Fabric& fabric, int copies)
    : setup_(setup),
      fabric_(fabric),
      copies_(copies),
      grid_(setup.job.strategy),
      collectives_(setup.cluster.accelerator, hardware_data().accelerators, hardware_data().links,
                   hardware_data().profiles),
      experts_(setup.cluster.accelerator, setup.stack, hardware_data().accelerators,
               hardware_data().links, hardware_data().profiles) {}

int TransferPlanner::stage_ranks() const {
  const ParallelStrategy& s = setup_.job.strategy;
  return s.tp * s.cp * s.dp;
}

double TransferPlanner::gpus_per_nic() const {
  return static_cast<double>(setup_.cluster.gpus_per_node) / setup_.cluster.nics_per_node;
}

FlowSpec TransferPlanner::through_nic(Bytes bytes, int gpu) const {
  return {bytes * gpus_per_nic(), {{fabric_.nic_out(gpu), 1}, {fabric_.nic_in(gpu), 1}}, gpu, gpu};
}

FlowSpec TransferPlanner::through_port(Bytes bytes, int gpu) const {
  return {bytes, {{fabric_.scale_up_out(gpu), 1}, {fabric_.scale_up_in(gpu), 1}}, gpu, gpu};
}

std::vector<FlowSpec> TransferPlanner::through_ports(Bytes scale_out, Bytes scale_up,
                                                     int gpu) const {
  std::vector<FlowSpec> flows;
  if (scale_out > Bytes{0}) flows.push_back(through_nic(scale_out, gpu));
  if (fabric_.shape().nics_behind_ports) scale_up += scale_out;
  if (scale_up > Bytes{0}) flows.push_back(through_port(scale_up, gpu));
  return flows;
}

std::vector<int> TransferPlanner::group(CommunicationGroup which, int gpu) const {
  std::vector<int> ranks = grid_group(which, gpu);
  if (copies_ == 1 || !shares_gradients(which)) return ranks;
  // The other copy of a bidirectional stage lives on the ranks of the opposite pipeline position.
  RankCoordinates at = grid_.coordinates(gpu);
  at.pp = setup_.job.strategy.pp - 1 - at.pp;
  const std::vector<int> others = grid_group(which, grid_.rank(at));
  ranks.insert(ranks.end(), others.begin(), others.end());
  std::ranges::sort(ranks);
  return ranks;
}

std::vector<int> TransferPlanner::grid_group(CommunicationGroup which, int gpu) const {
  switch (which) {
    case CommunicationGroup::tensor:
      return grid_.tensor_group(gpu);
    case CommunicationGroup::context:
      return grid_.context_group(gpu);
    case CommunicationGroup::expert:
      return grid_.expert_group(gpu);
    case CommunicationGroup::data:
      return grid_.data_group(gpu);
    case CommunicationGroup::expert_data:
      return grid_.expert_data_group(gpu);
  }
  fail_invariant("CommunicationGroup", "unknown value");
}

std::vector<Demand> TransferPlanner::stage_demands(Pattern pattern, CommunicationGroup which,
                                                   int gpu) const {
  const int first = gpu - gpu % stage_ranks();
  const int end = first + stage_ranks();
  std::vector<bool> seen(static_cast<std::size_t>(stage_ranks()), false);
  std::vector<Demand> demands;
  for (int rank = first; rank < end; ++rank) {
    if (seen[static_cast<std::size_t>(rank - first)]) continue;
    const std::vector<int> members = group(which, rank);
    for (const int member : members) {
      if (member >= first && member < end) seen[static_cast<std::size_t>(member - first)] = true;
    }
    const MembersByNode nodes = members_by_node(fabric_, members);
    const std::vector<Demand> more = pattern == Pattern::ring ? ring_demands(nodes, Bytes{1})
                                                              : exchange_demands(nodes, Bytes{1});
    // What other stages send counts in their own transfers.
    std::ranges::copy_if(more, std::back_inserter(demands),
                         [&](const Demand& d) { return d.from >= first && d.from < end; });
  }
  return demands;
}

std::vector<FlowSpec> TransferPlanner::through_network(Pattern pattern, CommunicationGroup which,
                                                       int gpu, Bytes each) const {
  if (fabric_.network().links().empty()) return {};
  const auto [at, is_new] = of_a_byte_.try_emplace({pattern, which, gpu});
  if (is_new) at->second = network_flows(fabric_, stage_demands(pattern, which, gpu), gpu);
  return scaled(at->second, each);
}

Transfer TransferPlanner::collective(const CollectiveCall& call, int gpu) const {
  const std::vector<int> ranks = group(call.group, gpu);
  Transfer t;
  if (ranks.size() <= 1) return t;
  const MembersByNode members = members_by_node(fabric_, ranks);
  if (call.group == CommunicationGroup::expert) {
    t = expert(call, gpu, members);
  } else if (members.size() == 1) {
    t = inside_node(call, gpu, static_cast<int>(ranks.size()));
  } else {
    t = ring(call, gpu, members);
  }
  t.label = fmt::format("{} {}", to_string(call.kind), to_string(call.group));
  return t;
}

Transfer TransferPlanner::inside_node(const CollectiveCall& call, int gpu, int ranks) const {
  const OperatorTime measured = collectives_.time(call.kind, ranks, call.bytes);
  FlowSpec flow = through_port(call.bytes * traffic_factor(call.kind, ranks), gpu);
  const Seconds streaming = flow.bytes / fabric_.bandwidth(flow.uses);
  Transfer t;
  t.delay = std::max(Seconds{0}, measured.time - streaming);
  t.flows = {std::move(flow)};
  t.provenance = measured.provenance;
  return t;
}

// A ring on each rail: every rank passes the same bytes on, and the members in one node share its
// NICs (NCCL, "Massively scale your deep learning training with NCCL 2.4").
Transfer TransferPlanner::ring(const CollectiveCall& call, int gpu,
                               const MembersByNode& members) const {
  double ranks = 0;
  for (const std::vector<int>& node : members) ranks += static_cast<double>(node.size());
  const auto nodes = static_cast<double>(members.size());
  const double in_node = ranks / nodes;
  const Bytes passed = call.bytes * traffic_factor(call.kind, ranks);
  Transfer t;
  t.flows = through_ports(passed / in_node, in_node > 1 ? passed : Bytes{0}, gpu);
  append(through_network(Pattern::ring, call.group, gpu, passed / in_node), t.flows);
  const double rounds = call.kind == CollectiveKind::all_reduce ? 2 : 1;
  const SoftwareStack& stack = setup_.stack;
  t.delay = stack.collective_launch.value + rounds * (nodes - 1.0) * stack.scale_out_step.value +
            rounds * (ranks - nodes) * stack.scale_up_step.value +
            rounds * ring_distance(fabric_, members);
  t.provenance = setup_.cluster.nic.achievable_bandwidth.provenance;
  return t;
}

Transfer TransferPlanner::expert(const CollectiveCall& call, int gpu,
                                 const MembersByNode& members) const {
  int ranks = 0;
  for (const std::vector<int>& node : members) ranks += static_cast<int>(node.size());
  const auto nodes = static_cast<int>(members.size());
  const ExpertTraffic traffic =
      expert_traffic(*setup_.job.model.moe, ranks, std::max(1, ranks / nodes));
  const Sourced<double> efficiency = experts_.efficiency(call.kind, nodes);
  const Bytes out = nodes > 1 ? call.bytes * traffic.scale_out : Bytes{0};
  const Bytes up = call.bytes * traffic.scale_up;
  Transfer t;
  t.flows = through_ports(out, up, gpu);
  const FlowSpec bound = nodes > 1 ? through_nic(out, gpu) : through_port(up, gpu);
  const Seconds streaming = bound.bytes / fabric_.bandwidth(bound.uses);
  t.delay = streaming * (1.0 / efficiency.value - 1.0) + exchange_distance(fabric_, members);
  append(through_network(Pattern::exchange, call.group, gpu, out), t.flows);
  t.provenance = efficiency.provenance;
  return t;
}

// The other GPUs of the stage send at the same time, each to its counterpart.
std::vector<FlowSpec> TransferPlanner::sends_through_network(int from, int to, Bytes each) const {
  if (fabric_.network().links().empty() || fabric_.node_of(from) == fabric_.node_of(to)) return {};
  const auto [at, is_new] = sends_of_a_byte_.try_emplace({from, to});
  if (is_new) {
    const int first = from - from % stage_ranks();
    std::vector<Demand> demands;
    for (int rank = first; rank < first + stage_ranks(); ++rank) {
      demands.push_back({rank, to + (rank - from), Bytes{1}});
    }
    at->second = network_flows(fabric_, demands, from);
  }
  return scaled(at->second, each);
}

Transfer TransferPlanner::send(Bytes bytes, int from, int to) const {
  Transfer t;
  t.delay = fabric_.latency(from, to);
  const bool inside = fabric_.node_of(from) == fabric_.node_of(to);
  FlowSpec ports{bytes, {}, from, to};
  FlowSpec nics{bytes * gpus_per_nic(), {}, from, to};
  const auto first_nic = static_cast<LinkId>(2 * fabric_.shape().gpus);
  for (const LinkUse& use : fabric_.route(from, to)) {
    if (use.link >= fabric_.first_network_link()) continue;
    (use.link < first_nic ? ports : nics).uses.push_back(use);
  }
  if (!nics.uses.empty()) t.flows.push_back(std::move(nics));
  if (!ports.uses.empty()) t.flows.push_back(std::move(ports));
  append(sends_through_network(from, to, bytes), t.flows);
  t.provenance = inside ? setup_.cluster.scale_up.achievable_bandwidth.provenance
                        : setup_.cluster.nic.achievable_bandwidth.provenance;
  t.label = "send";
  return t;
}

}  // namespace fleetwright
