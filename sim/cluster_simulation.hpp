#pragma once

#include <string>
#include <vector>

#include "sim/estimator.hpp"
#include "sim/step_estimate.hpp"
#include "sim/unfolded_step.hpp"

namespace fleetwright {

/// A step on all GPUs of a cluster.
struct ClusterSimulation {
  Granularity granularity = Granularity::coflow;
  StepEstimate step;  // the first, with the timeline of the recorded column
  ColumnRun run;
  int recorded_column = 0;
  ColumnLayout layout;
  std::vector<ColumnPart> parts;   // those of run.columns
  Fabric fabric;                   // with slow links
  std::vector<std::string> notes;  // what this granularity and folding leave out
};

/// The setup must be consistent (planner/feasibility.hpp checks it). `plan.recorded` counts all
/// columns of the cluster; one that is not simulated is recorded as the one that stands for it.
[[nodiscard]] ClusterSimulation simulate_cluster(const StepSetup& setup, const Unfolding& unfolding,
                                                 const RunPlan& plan, const Estimator& estimator);

}  // namespace fleetwright
