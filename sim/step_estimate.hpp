#pragma once

#include <string>
#include <vector>

#include "models/core/provenance.hpp"
#include "models/core/quantity.hpp"
#include "models/memory.hpp"
#include "models/training_job.hpp"
#include "profiles/software_stack.hpp"
#include "sim/cluster.hpp"
#include "sim/estimator.hpp"
#include "sim/trace.hpp"

namespace fleetwright {

/// Where the time of one pipeline rank goes, by pass. Each holds computation and the communication
/// that the rank waited for in it; together with bubble they are the step.
struct StepParts {
  Seconds forward;
  Seconds backward;
  Seconds weight_gradient;
  Seconds overlapped;
  Seconds gradient_sync;
  Seconds optimizer;
  Seconds bubble;
};

/// The same time by what the GPU did. The four add up to the step.
struct RankTime {
  Seconds compute;
  Seconds exposed_communication;
  Seconds bubble;
  Seconds optimizer;
  StepParts parts;
};

/// What the GPUs do, averaged over the pipeline ranks. The four add up to the step.
struct StepPhases {
  Seconds compute_bound;  // matrix products and attention
  Seconds memory_bound;   // other kernels, the pauses between kernels and the optimizer
  Seconds communicating;  // waiting for a collective
  Seconds waiting;        // for another pipeline rank

  [[nodiscard]] Seconds time() const {
    return compute_bound + memory_bound + communicating + waiting;
  }
};

/// An operator or link and its share of the critical path.
struct CriticalShare {
  std::string what;
  double share = 0;
};

struct StepEstimate {
  std::string engine;
  Seconds time;
  int critical_rank = 0;  // the one that idles least
  std::vector<RankTime> ranks;
  StepPhases phases;
  std::vector<MemoryFootprint> memory;  // of each pipeline rank
  std::vector<int> stage_layers;        // decoder layers of each model stage
  std::vector<CriticalShare> bound_by;  // three, largest first
  std::vector<ProvenanceEntry> provenance;
  std::vector<LinkUsage> links;  // fullest first
  Trace trace;

  [[nodiscard]] const RankTime& critical() const {
    return ranks[static_cast<std::size_t>(critical_rank)];
  }
  /// Parts averaged over the pipeline ranks: what to compare with a publisher who names no rank.
  [[nodiscard]] StepParts mean_parts() const;
  /// Of the rank with the highest peak.
  [[nodiscard]] const MemoryFootprint& fullest() const;
};

/// A step to be estimated: what is computed, with which software, on which machines.
struct StepSetup {
  TrainingJob job;
  SoftwareStack stack;
  Cluster cluster;
  /// "even"; "balanced": layers are dealt so that the slowest stage is as fast as it can be;
  /// "by-weight": split_by_weight. Not used where the job names its stage_layers.
  std::string pipeline_layout = "even";
};

struct BuiltStep;

/// What a run of a step says: of its first step, by the timeline of the recorded column.
[[nodiscard]] StepEstimate estimate_of(const StepSetup& setup, const BuiltStep& step,
                                       const ColumnStep& columns, const RunPlan& plan,
                                       const ColumnRun& run);

/// Predicts one optimizer step. The setup must be consistent (planner/feasibility.hpp checks it).
[[nodiscard]] StepEstimate estimate_step(const StepSetup& setup, const Estimator& estimator);

}  // namespace fleetwright
