#pragma once

#include <vector>

#include "models/rank_grid.hpp"
#include "models/training_job.hpp"
#include "profiles/collective_profile.hpp"
#include "profiles/expert_parallel_profile.hpp"
#include "sim/cluster.hpp"
#include "sim/step_estimate.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// A collective or send as one GPU sees it: a delay, then flows over its own ports. By symmetry
/// every other member of the group carries the same.
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
  [[nodiscard]] std::vector<int> group(CommunicationGroup which, int gpu) const;
  /// Bytes of one GPU in both directions of its NIC, which the other GPUs on that NIC load alike;
  /// and of its scale-up port.
  [[nodiscard]] FlowSpec through_nic(Bytes bytes, int gpu) const;
  [[nodiscard]] FlowSpec through_port(Bytes bytes, int gpu) const;
  [[nodiscard]] double gpus_per_nic() const;
  [[nodiscard]] Transfer inside_node(const CollectiveCall& call, int gpu, int ranks) const;
  [[nodiscard]] Transfer ring(const CollectiveCall& call, int gpu, int ranks, int nodes) const;
  [[nodiscard]] Transfer expert(const CollectiveCall& call, int gpu, int ranks, int nodes) const;

  const StepSetup& setup_;
  const Fabric& fabric_;
  int copies_;
  RankGrid grid_;
  CollectiveProfile collectives_;
  ExpertParallelProfile experts_;
};

}  // namespace fleetwright
