#include "sim/collectives/transfer_planner.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "models/core/error.hpp"
#include "profiles/hardware_data.hpp"
#include "sim/collectives/builtin_collectives.hpp"
#include "sim/collectives/collective_choice.hpp"

namespace fleetwright {
namespace {

// Buckets of gradients and parameters follow each other closely.
bool stands_alone(CommunicationGroup group) {
  return group == CommunicationGroup::tensor || group == CommunicationGroup::context;
}

}  // namespace

void Transfer::scale(double factor) {
  delay *= factor;
  shape.scale_out *= factor;
  shape.scale_up *= factor;
  for (FlowSpec& flow : flows) flow.bytes *= factor;
}

TransferPlanner::TransferPlanner(const StepSetup& setup, const Fabric& fabric, int copies)
    : setup_(setup),
      fabric_(fabric),
      traffic_(setup.job.strategy, fabric, copies),
      flows_(traffic_, fabric),
      collectives_(setup.cluster.accelerator, hardware_data().accelerators, hardware_data().links,
                   hardware_data().profiles),
      experts_(setup.cluster.accelerator, setup.stack, hardware_data().accelerators,
               hardware_data().links, hardware_data().profiles) {}

Transfer TransferPlanner::collective(const CollectiveCall& call, int gpu) const {
  const std::vector<int> ranks = traffic_.group(call.group, gpu);
  Transfer t;
  if (ranks.size() <= 1) return t;
  const MembersByNode members = members_by_node(fabric_, ranks);
  if (call.group == CommunicationGroup::expert) {
    t = expert(call, gpu, members);
  } else if (members.size() == 1) {
    t = inside_node(call, gpu, static_cast<int>(ranks.size()));
  } else {
    t = across_nodes(call, gpu, members);
  }
  t.label = fmt::format("{} {}", to_string(call.kind), to_string(call.group));
  return t;
}

Transfer TransferPlanner::of_shape(const TransferShape& shape) const {
  Transfer t;
  t.shape = shape;
  t.flows = flows_.of(shape);
  return t;
}

Transfer TransferPlanner::inside_node(const CollectiveCall& call, int gpu, int ranks) const {
  const OperatorTime measured = collectives_.time(call.kind, ranks, call.bytes);
  Transfer t = of_shape({.pattern = TransferPattern::inside_node,
                         .group = call.group,
                         .gpu = gpu,
                         .scale_up = call.bytes * traffic_factor(call.kind, ranks)});
  const FlowSpec& flow = t.flows.front();
  const Seconds streaming = flow.bytes / fabric_.bandwidth(flow.uses);
  t.delay = std::max(Seconds{0}, measured.time - streaming);
  t.provenance = measured.provenance;
  return t;
}

Transfer TransferPlanner::across_nodes(const CollectiveCall& call, int gpu,
                                       const MembersByNode& members) const {
  std::size_t ranks = 0;
  for (const std::vector<int>& node : members) ranks += node.size();
  const auto nodes = static_cast<int>(members.size());
  const CollectiveGroup group{nodes, std::max(1, static_cast<int>(ranks) / nodes)};
  const Cluster& cluster = setup_.cluster;
  const BytesPerSecond nic = fabric_.links()[fabric_.nic_out(gpu)].capacity;
  const auto sharers = static_cast<double>(traffic_.sharing_nic(gpu).size());
  const Seconds step =
      cluster.nic.collective_step ? cluster.nic.collective_step->value : Seconds{0};
  const CollectiveChoice choice =
      choose_collective(call.kind, call.bytes, group,
                        {fabric_.links()[fabric_.scale_up_out(gpu)].capacity, nic / sharers,
                         cluster.scale_up.reduces, cluster.in_network_reduction, cluster.collective,
                         stands_alone(call.group) ? step : Seconds{0},
                         cluster.nic.share_of(call.kind, static_cast<int>(ranks))},
                        hardware_data().collectives);
  Transfer t = of_shape({.pattern = choice.work.pattern,
                         .group = call.group,
                         .gpu = gpu,
                         .scale_out = choice.work.scale_out,
                         .scale_up = choice.work.scale_up});
  // The flows take what the links explain; the rest is latency, and bandwidth that protocols cost.
  const Seconds streaming =
      std::max(choice.work.scale_up / fabric_.links()[fabric_.scale_up_out(gpu)].capacity,
               choice.work.scale_out * sharers / nic);
  t.delay = choice.time - streaming + passes_of(call.kind) * ring_distance(fabric_, members);
  t.provenance = cluster.nic.achievable_bandwidth.provenance;
  return t;
}

Transfer TransferPlanner::expert(const CollectiveCall& call, int gpu,
                                 const MembersByNode& members) const {
  int ranks = 0;
  for (const std::vector<int>& node : members) ranks += static_cast<int>(node.size());
  const auto nodes = static_cast<int>(members.size());
  const MixtureOfExperts& moe = *setup_.job.model.moe;
  const int per_node = std::max(1, ranks / nodes);
  ExpertTraffic traffic = expert_traffic(moe, ranks, per_node);
  Sourced<double> efficiency = experts_.efficiency(call.kind, nodes);
  if (setup_.stack.expert_exchange.value == "pairwise") {
    const Bytes copies = call.bytes * static_cast<double>(moe.active);
    const CollectiveWork work = make_pairwise()->work(call.kind, copies, {nodes, per_node});
    traffic = {work.scale_out / call.bytes, work.scale_up / call.bytes};
    if (nodes > 1) {
      const CollectiveProtocol& protocol = hardware_data().collectives.at("pairwise").front();
      efficiency = protocol.bandwidth;
      efficiency.value *= protocol.correction(copies);
    }
  }
  Transfer t = of_shape({.pattern = TransferPattern::exchange,
                         .group = call.group,
                         .gpu = gpu,
                         .scale_out = nodes > 1 ? call.bytes * traffic.scale_out : Bytes{0},
                         .scale_up = call.bytes * traffic.scale_up});
  // The NIC's flow comes first where there is one.
  if (!t.flows.empty()) {
    const FlowSpec& bound = t.flows.front();
    const Seconds streaming = bound.bytes / fabric_.bandwidth(bound.uses);
    t.delay = streaming * (1.0 / efficiency.value - 1.0);
  }
  t.delay += exchange_distance(fabric_, members);
  t.provenance = efficiency.provenance;
  return t;
}

Transfer TransferPlanner::send(Bytes bytes, int from, int to) const {
  const bool inside = fabric_.node_of(from) == fabric_.node_of(to);
  Transfer t = of_shape({.pattern = TransferPattern::send,
                         .gpu = from,
                         .to = to,
                         .scale_out = inside ? Bytes{0} : bytes,
                         .scale_up = inside ? bytes : Bytes{0}});
  t.delay = fabric_.latency(from, to);
  t.provenance = inside ? setup_.cluster.scale_up.achievable_bandwidth.provenance
                        : setup_.cluster.nic.achievable_bandwidth.provenance;
  t.label = "send";
  return t;
}

Seconds TransferPlanner::uncontended(const Transfer& transfer) const {
  Seconds slowest;
  for (const FlowSpec& flow : transfer.flows) {
    slowest = std::max(slowest, flow.bytes / fabric_.bandwidth(flow.uses));
  }
  return transfer.delay + slowest;
}

std::vector<FlowSpec> TransferPlanner::own_links(Bytes bytes, int gpu, LinkId nic,
                                                 LinkId port) const {
  const auto sharers = static_cast<double>(traffic_.sharing_nic(gpu).size());
  std::vector<FlowSpec> flows{{bytes * sharers, {{nic, 1}}, gpu, gpu, sharers}};
  if (fabric_.shape().nics_behind_ports) flows.push_back({bytes, {{port, 1}}, gpu, gpu, 1});
  return flows;
}

std::vector<FlowSpec> TransferPlanner::outwards(Bytes bytes, int gpu) const {
  return own_links(bytes, gpu, fabric_.nic_out(gpu), fabric_.scale_up_out(gpu));
}

std::vector<FlowSpec> TransferPlanner::inwards(Bytes bytes, int gpu) const {
  return own_links(bytes, gpu, fabric_.nic_in(gpu), fabric_.scale_up_in(gpu));
}

}  // namespace fleetwright
