#pragma once

#include <string>
#include <vector>

#include "sim/cluster_simulation.hpp"

namespace fleetwright {

/// How long simulated steps took.
struct StepTimes {
  std::vector<Seconds> each;
  Seconds mean;
  Seconds deviation;  // of the sample; 0 for one step
  Seconds least;
  Seconds p10;
  Seconds p50;
  Seconds p90;
  Seconds most;
};

/// A column in the first step: how late it was for the first collective that joins all columns.
struct ColumnReport {
  int column = 0;
  int stands_for = 1;  // columns
  int first_gpu = 0;   // of the first stage
  Seconds passes_end;
  Seconds kernels;  // of its busiest pipeline rank
};

/// What a simulation of all GPUs adds to a report.
struct SimulationReport {
  Granularity granularity = Granularity::coflow;
  int columns = 0;
  int gpus_per_column = 0;  // of each stage
  int recorded_column = 0;
  int stage_gpus = 0;
  StepTimes steps;
  std::vector<ColumnReport> simulated;  // latest first
  std::vector<std::string> notes;
};

[[nodiscard]] SimulationReport simulation_report(const ClusterSimulation& simulation);

}  // namespace fleetwright
