#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "models/rank_grid.hpp"
#include "models/training_job.hpp"
#include "profiles/collective_profile.hpp"
#include "profiles/expert_parallel_profile.hpp"
#include "sim/cluster.hpp"
#include "sim/collectives/group_traffic.hpp"
#include "sim/step_estimate.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// A collective or send as one GPU sees it: a delay, then flows over its own ports and over links
/// of the network that its whole stage loads. By symmetry every other member of the group has the
/// same.
struct Transfer {
  Seconds delay;
  std::vector<FlowSpec> flows;
  Provenance provenance;
  std::string label;  // "all_gather tensor"
};

/// Turns collectives into transfers over a fabric. Where a measured curve exists, a transfer that
/// has its links to itself takes exactly the measured time: the delay is what the links do not
/// explain.
class TransferPlanner {
 public:
  /// All must outlive the planner. `copies` of each stage share gradients (bidirectional
  /// pipelines).
  TransferPlanner(const StepSetup& setup, const Fabric& fabric, int copies);

  /// A collective of the group that `gpu` belongs to.
  [[nodiscard]] Transfer collective(const CollectiveCall& call, int gpu) const;
  /// Point to point, for pipeline stages.
  [[nodiscard]] Transfer send(Bytes bytes, int from, int to) const;

 private:
  /// How the members of a group in different nodes exchange bytes.
  enum class Pattern { ring, exchange };

  /// The members of a group, with those that hold the other copy of the stage where they share.
  [[nodiscard]] std::vector<int> group(CommunicationGroup which, int gpu) const;
  [[nodiscard]] std::vector<int> grid_group(CommunicationGroup which, int gpu) const;
  /// Bytes of one GPU in both directions of its NIC, which the other GPUs on that NIC load alike;
  /// of its scale-up port; and of both.
  [[nodiscard]] FlowSpec through_nic(Bytes bytes, int gpu) const;
  [[nodiscard]] FlowSpec through_port(Bytes bytes, int gpu) const;
  [[nodiscard]] std::vector<FlowSpec> through_ports(Bytes scale_out, Bytes scale_up, int gpu) const;
  /// Flows over the network when all groups of that kind in the stage of `gpu` exchange `each`.
  [[nodiscard]] std::vector<FlowSpec> through_network(Pattern pattern, CommunicationGroup which,
                                                      int gpu, Bytes each) const;
  [[nodiscard]] std::vector<Demand> stage_demands(Pattern pattern, CommunicationGroup which,
                                                  int gpu) const;
  [[nodiscard]] std::vector<FlowSpec> sends_through_network(int from, int to, Bytes each) const;
  [[nodiscard]] int stage_ranks() const;
  [[nodiscard]] double gpus_per_nic() const;
  [[nodiscard]] Transfer inside_node(const CollectiveCall& call, int gpu, int ranks) const;
  [[nodiscard]] Transfer ring(const CollectiveCall& call, int gpu,
                              const MembersByNode& members) const;
  [[nodiscard]] Transfer expert(const CollectiveCall& call, int gpu,
                                const MembersByNode& members) const;

  const StepSetup& setup_;
  const Fabric& fabric_;
  int copies_;
  RankGrid grid_;
  CollectiveProfile collectives_;
  ExpertParallelProfile experts_;
  /// Network flows of one byte a GPU: a step asks for the same ones for each layer.
  mutable std::map<std::tuple<Pattern, CommunicationGroup, int>, std::vector<FlowSpec>> of_a_byte_;
  mutable std::map<std::pair<int, int>, std::vector<FlowSpec>> sends_of_a_byte_;
};

}  // namespace fleetwright
