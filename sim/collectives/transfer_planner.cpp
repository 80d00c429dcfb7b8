#include "sim/collectives/transfer_planner.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "models/core/error.hpp"
#include "profiles/hardware_data.hpp"

namespace fleetwright {

TransferPlanner::TransferPlanner(const StepSetup& setup, const Fabric& fabric, int copies)
    : setup_(setup),
      fabric_(fabric),
      copies_(copies),
      grid_(setup.job.strategy),
      collectives_(setup.cluster.accelerator, hardware_data().accelerators, hardware_data().links,
                   hardware_data().profiles),
      experts_(setup.cluster.accelerator, setup.stack, hardware_data().accelerators,
               hardware_data().links, hardware_data().profiles) {}

double TransferPlanner::gpus_per_nic() const {
  return static_cast<double>(setup_.cluster.gpus_per_node) / setup_.cluster.nics_per_node;
}

FlowSpec TransferPlanner::through_nic(Bytes bytes, int gpu) const {
  return {bytes * gpus_per_nic(), {{fabric_.nic_out(gpu), 1}, {fabric_.nic_in(gpu), 1}}, gpu, gpu};
}

FlowSpec TransferPlanner::through_port(Bytes bytes, int gpu) const {
  return {bytes, {{fabric_.scale_up_out(gpu), 1}, {fabric_.scale_up_in(gpu), 1}}, gpu, gpu};
}

std::vector<int> TransferPlanner::group(CommunicationGroup which, int gpu) const {
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

Transfer TransferPlanner::collective(const CollectiveCall& call, int gpu) const {
  const std::vector<int> members = group(call.group, gpu);
  std::set<int> nodes;
  for (const int member : members) nodes.insert(fabric_.node_of(member));
  int ranks = static_cast<int>(members.size());
  int node_count = static_cast<int>(nodes.size());
  const bool gradients =
      call.group == CommunicationGroup::data || call.group == CommunicationGroup::expert_data;
  // The other copy of a bidirectional stage lives on the ranks of another pipeline position.
  if (gradients) {
    ranks *= copies_;
    node_count *= copies_;
  }
  Transfer t;
  if (ranks <= 1) return t;
  if (call.group == CommunicationGroup::expert) {
    t = expert(call, gpu, ranks, node_count);
  } else if (node_count == 1) {
    t = inside_node(call, gpu, ranks);
  } else {
    t = ring(call, gpu, ranks, node_count);
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
Transfer TransferPlanner::ring(const CollectiveCall& call, int gpu, int ranks, int nodes) const {
  const double in_node = static_cast<double>(ranks) / nodes;
  const Bytes passed = call.bytes * traffic_factor(call.kind, ranks);
  Transfer t;
  t.flows.push_back(through_nic(passed / in_node, gpu));
  if (in_node > 1) t.flows.push_back(through_port(passed, gpu));
  const double rounds = call.kind == CollectiveKind::all_reduce ? 2 : 1;
  const SoftwareStack& stack = setup_.stack;
  t.delay = stack.collective_launch.value + rounds * (nodes - 1.0) * stack.scale_out_step.value +
            rounds * (ranks - nodes) * stack.scale_up_step.value;
  t.provenance = setup_.cluster.nic.achievable_bandwidth.provenance;
  return t;
}

Transfer TransferPlanner::expert(const CollectiveCall& call, int gpu, int ranks, int nodes) const {
  const ExpertTraffic traffic =
      expert_traffic(*setup_.job.model.moe, ranks, std::max(1, ranks / nodes));
  const Sourced<double> efficiency = experts_.efficiency(call.kind, nodes);
  const Bytes out = call.bytes * traffic.scale_out;
  const Bytes up = call.bytes * traffic.scale_up;
  Transfer t;
  if (nodes > 1) t.flows.push_back(through_nic(out, gpu));
  t.flows.push_back(through_port(up, gpu));
  const FlowSpec& bound = t.flows.front();
  const Seconds streaming = bound.bytes / fabric_.bandwidth(bound.uses);
  t.delay = streaming * (1.0 / efficiency.value - 1.0);
  t.provenance = efficiency.provenance;
  return t;
}

Transfer TransferPlanner::send(Bytes bytes, int from, int to) const {
  Transfer t;
  t.delay = fabric_.latency(from, to);
  const bool inside = fabric_.node_of(from) == fabric_.node_of(to);
  t.flows = {{inside ? bytes : bytes * gpus_per_nic(), fabric_.route(from, to), from, to}};
  t.provenance = inside ? setup_.cluster.scale_up.achievable_bandwidth.provenance
                        : setup_.cluster.nic.achievable_bandwidth.provenance;
  t.label = "send";
  return t;
}

}  // namespace fleetwright
