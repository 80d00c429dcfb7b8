#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/scenario.hpp"
#include "sim/energy.hpp"
#include "sim/run_distribution.hpp"
#include "sim/run_estimate.hpp"

namespace fleetwright {

/// The run of a scenario: its mean in closed form, and how it may go.
struct RunReport {
  RunEstimate estimate;
  std::optional<Reliability> reliability;  // at the rates of the cluster
  std::optional<CheckpointSize> checkpoint;
  std::optional<RunDistribution> simulated;
};

/// `islands` of a job that is spread over several. Throws Infeasible if failures come faster than
/// the run makes progress.
[[nodiscard]] RunReport run_report(const Scenario& scenario, const StepEstimate& step,
                                   const std::vector<IslandUse>& islands = {});

/// What fails on one island of a scenario, and how the run recovers. The scenario must have a
/// [reliability].
[[nodiscard]] ReliabilitySettings reliability_of_island(const Scenario& scenario,
                                                        const std::string& island);

/// What the run draws. Nothing where the accelerator's power or the facility's is not known.
struct EnergyReport {
  std::optional<PowerDraw> draw;  // of one GPU; nothing where a server_factor is given
  std::optional<Joules> step;     // of all nodes
  Joules servers;                 // of all phases
  double facility_mwh = 0;
  std::optional<double> co2_t;
};

/// Equal GPUs of a job, and what they do in a step of it.
struct RunMachines {
  const Accelerator& accelerator;
  int gpus = 0;
  const StepPhases& phases;
  double other_gpu_hours = 0;  // of phases besides pre-training, taken at the power of its step
};
[[nodiscard]] std::optional<EnergyReport> energy_report(const Scenario& scenario,
                                                        const RunMachines& machines,
                                                        Seconds step_time, const RunEstimate& run);

}  // namespace fleetwright
