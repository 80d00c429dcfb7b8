#pragma once

#include <vector>

#include "models/training_job.hpp"
#include "profiles/collective_profile.hpp"
#include "profiles/expert_parallel_profile.hpp"
#include "sim/cluster.hpp"
#include "sim/collectives/group_traffic.hpp"
#include "sim/collectives/stage_flows.hpp"
#include "sim/collectives/stage_traffic.hpp"
#include "sim/step_estimate.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// A collective or send as one GPU sees it: a delay, then flows over its own ports and over links
/// of the network that its whole stage loads. By symmetry every other member of the group has the
/// same.
struct Transfer {
  Seconds delay;
  TransferShape shape;
  std::vector<FlowSpec> flows;
  Provenance provenance;
  std::string label;  // "all_gather tensor"

  /// A part of it: delay and bytes in proportion.
  void scale(double factor);
};

/// Turns collectives into transfers over a fabric. Where a measured curve exists, a transfer that
/// has its links to itself takes exactly the measured time: the delay is what the links do not
/// explain.
class TransferPlanner {
 public:
  /// All must outlive the planner. `copies` of each stage share gradients (bidirectional
  /// pipelines).
  TransferPlanner(const StepSetup& setup, const Fabric& fabric, int copies);
  TransferPlanner(const TransferPlanner&) = delete;
  TransferPlanner& operator=(const TransferPlanner&) = delete;

  /// A collective of the group that `gpu` belongs to.
  [[nodiscard]] Transfer collective(const CollectiveCall& call, int gpu) const;
  /// Point to point, for pipeline stages.
  [[nodiscard]] Transfer send(Bytes bytes, int from, int to) const;
  /// Of a transfer between a GPU and another island, the flows on its own NIC and, where NIC
  /// traffic takes it, its port; all GPUs of its stage do the same.
  [[nodiscard]] std::vector<FlowSpec> outwards(Bytes bytes, int gpu) const;
  [[nodiscard]] std::vector<FlowSpec> inwards(Bytes bytes, int gpu) const;

  /// The time of a transfer that has its links to itself.
  [[nodiscard]] Seconds uncontended(const Transfer& transfer) const;

 private:
  [[nodiscard]] std::vector<FlowSpec> own_links(Bytes bytes, int gpu, LinkId nic,
                                                LinkId port) const;
  [[nodiscard]] Transfer of_shape(const TransferShape& shape) const;
  [[nodiscard]] Transfer inside_node(const CollectiveCall& call, int gpu, int ranks) const;
  /// By the algorithm and protocol that are fastest.
  [[nodiscard]] Transfer across_nodes(const CollectiveCall& call, int gpu,
                                      const MembersByNode& members) const;
  [[nodiscard]] Transfer expert(const CollectiveCall& call, int gpu,
                                const MembersByNode& members) const;

  const StepSetup& setup_;
  const Fabric& fabric_;
  StageTraffic traffic_;
  StageFlows flows_;
  CollectiveProfile collectives_;
  ExpertParallelProfile experts_;
};

}  // namespace fleetwright
