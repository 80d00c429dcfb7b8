#pragma once

#include <optional>
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

/// Throws Infeasible if failures come faster than the run makes progress.
[[nodiscard]] RunReport run_report(const Scenario& scenario, const StepEstimate& step);

/// What the run draws. Nothing where the accelerator's power or the facility's is not known.
struct EnergyReport {
  std::optional<PowerDraw> draw;  // of one GPU; nothing where a server_factor is given
  std::optional<Joules> step;     // of all nodes
  Joules servers;                 // of all phases
  double facility_mwh = 0;
  std::optional<double> co2_t;
};

/// `other_gpu_hours` are those of phases besides pre-training, taken at the power of its step.
[[nodiscard]] std::optional<EnergyReport> energy_report(const Scenario& scenario,
                                                        const StepEstimate& step,
                                                        const RunEstimate& run,
                                                        double other_gpu_hours);

}  // namespace fleetwright
