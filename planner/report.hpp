#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/cost/cost_report.hpp"
#include "planner/run_report.hpp"
#include "planner/scenario.hpp"
#include "planner/simulation_report.hpp"

namespace fleetwright {

/// A part of the run with what it takes.
struct PhaseEstimate {
  std::string name;
  double tokens = 0;        // 0 where unknown
  int sequence_length = 0;  // 0 where unknown
  double gpu_hours = 0;
  Provenance provenance;
};

/// A published figure beside the predicted one.
struct ClaimCheck {
  Claim claim;
  std::optional<double> predicted;  // nothing where the report has no such quantity

  [[nodiscard]] std::optional<double> difference() const {
    if (!predicted || claim.value == 0) return std::nullopt;
    return *predicted / claim.value - 1;
  }
};

/// What a model is, counted.
struct ModelFacts {
  double parameters_total = 0;
  double parameters_active = 0;
  double training_flop_per_token = 0;  // attention counted whole; without prediction modules
  double training_flop_per_token_causal = 0;
  double kv_cache_bytes_per_token = 0;
};

/// How fast the GPUs go: model flop over time. Utilization is of the dense BF16 peak, for FP8 too.
struct Rates {
  double tokens_per_second_per_gpu = 0;
  double tokens_per_day = 0;
  double tflops_per_gpu = 0;  // attention counted whole
  double tflops_per_gpu_causal = 0;
  std::optional<double> hardware_tflops_per_gpu;  // whole, what is computed again counted twice
  double mfu = 0;
  double mfu_causal = 0;
};

/// What an island does in a job that is spread over several.
struct IslandReport {
  std::string name;
  std::string accelerator;
  int accelerators = 0;  // that it has
  IslandUse use;
  ParallelStrategy strategy;
  std::string precision;
  std::string software;
  Bytes peak_memory;  // of its fullest rank
  Bytes capacity;
  /// Unplanned stops that its parts cause; nothing without a [reliability].
  std::optional<double> failures_per_day = std::nullopt;
  std::optional<double> failures_expected = std::nullopt;  // of the whole run
  std::optional<EnergyReport> energy = std::nullopt;       // of its accelerators in the job
  std::optional<double> rental_usd = std::nullopt;
  /// Of the same hours on machines of one's own, at typical prices; nothing where one is missing.
  std::optional<double> owned_usd = std::nullopt;

  /// The part of its accelerators' time in which they do nothing for the job.
  [[nodiscard]] double idle() const {
    return 1 - (1 - use.idle) * static_cast<double>(use.used) / accelerators;
  }
};

/// The answer to a scenario. Quantities are computed here once; every output format prints this.
struct Report {
  Scenario scenario;
  ModelFacts model;
  StepEstimate step;
  std::vector<IslandReport> islands;  // of a job that is spread over several
  Rates rates;
  RunReport run;
  std::vector<PhaseEstimate> phases;  // pre-training first
  double total_gpu_hours = 0;
  double gpu_hours_per_trillion_tokens = 0;  // of pre-training
  std::optional<double> rental_usd;
  std::optional<CostReport> cost;  // where the scenario has [cost]
  std::optional<EnergyReport> energy;
  std::vector<ClaimCheck> claims;
  std::vector<ProvenanceEntry> provenance;
  std::optional<SimulationReport> simulation;  // of all GPUs, where it was asked for
};

/// What the run costs on machines of one's own, at typical prices; nothing without [cost] or where
/// the price of a server is not known.
[[nodiscard]] std::optional<double> owned_usd_of(const Report& report);

/// Answers a scenario with an estimator. Throws Infeasible if the fullest rank does not fit in
/// memory, or if failures come faster than the run makes progress.
[[nodiscard]] Report make_report(const Scenario& scenario, const Estimator& estimator);

/// Answers a scenario with a simulation of all GPUs; step, run and money are those of its first
/// step.
[[nodiscard]] Report make_report(const Scenario& scenario, ClusterSimulation simulation);

}  // namespace fleetwright
