#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/provenance.hpp"
#include "models/core/quantity.hpp"
#include "planner/cost/cost_settings.hpp"
#include "planner/reliability_settings.hpp"
#include "planner/rollouts.hpp"
#include "sim/islands.hpp"
#include "sim/step_estimate.hpp"
#include "sim/variation.hpp"

namespace fleetwright {

/// A published figure that the report stands beside its own.
struct Claim {
  std::string quantity;  // path in the report, "step.time_s", or several joined by " + "
  double value = 0;      // in the unit of that path
  std::string source;
};

/// A part of the run besides its main phase. Either tokens at a sequence length (GPU-hours follow
/// from the rate that the step achieves), or outputs that the model writes, or GPU-hours as given.
struct RunPhase {
  std::string name;
  std::optional<double> tokens;
  std::optional<int> sequence_length;
  std::optional<double> gpu_hours;
  std::optional<Rollouts> rollouts;
  std::string source;
};

/// Machines of another kind that a job may use besides those of [cluster]: [[cluster.island]].
struct ScenarioIsland {
  std::string name;
  Cluster cluster;
  SoftwareStack stack;
  PrecisionRecipe precision;
  std::optional<Sourced<UsdPerSecond>> rent;  // of one accelerator
  std::optional<Date> bought;                 // before procurement; nothing: to be bought
  /// As many accelerators as train in so many days, up to the cluster's; nothing: all of them.
  std::optional<double> train_in_days;
  /// What fails there and how often, in place of what [reliability] says.
  std::optional<ReliabilitySettings> failures = std::nullopt;
};

/// Where and when machines are bought: [procurement].
struct ProcurementSettings {
  std::string destination;  // ISO 3166 code
  Date date;
  std::vector<std::string> grey_market;  // accelerators to be had whatever the rules say
};

/// Where a setting of a scenario comes from, for `show`.
struct Setting {
  std::string path;    // "strategy.micro_batch"
  std::string value;   // as it would be written in TOML; empty where TOML cannot say it
  std::string origin;  // "scenario", "--set", or what the default is taken from

  bool operator==(const Setting&) const = default;
};

/// A question, ready to be answered: everything is resolved and consistent.
struct Scenario {
  std::string file;
  std::string name;
  std::string question;
  std::string engine;  // "simgrid" or "analytic"
  int seed = 1;        // of all that is random
  StepSetup setup;
  std::string main_phase = "pre-training";  // what the step is a step of
  double tokens = 0;                        // of it
  std::string cluster_name;
  std::optional<Date> bought;            // the cluster's machines, before procurement
  std::vector<ScenarioIsland> islands;   // besides the cluster
  std::vector<IslandLink> island_links;  // 0 is the cluster, islands count from 1
  /// How the job is spread over islands; without, it runs on the cluster alone.
  std::optional<IslandJob> placement;
  std::vector<RunPhase> phases;
  std::optional<ReliabilitySettings> reliability;
  std::optional<Variation> variation;  // of a simulation of all GPUs
  Provenance variation_from;
  std::optional<Sourced<UsdPerSecond>> rent;  // of one accelerator
  std::optional<Sourced<double>> pue;
  std::optional<Sourced<double>> server_power_factor;  // draw over TDP; else by what the step does
  std::optional<Sourced<double>> carbon_g_per_kwh;
  std::optional<ProcurementSettings> procurement;
  std::optional<CostSettings> cost;  // [cost], [programme] and [fleet]
  std::vector<Claim> claims;
  std::vector<Setting> settings;
};

/// Accelerators that the job of a scenario runs on.
[[nodiscard]] int accelerators_of(const Scenario& scenario);

/// Reads and checks a scenario. `overrides` are key.path=value, applied in order. Throws
/// ScenarioError with every diagnostic of the file, and Error if it cannot be read. (Whether the
/// model fits in memory is found out with the estimate.)
[[nodiscard]] Scenario read_scenario(const std::filesystem::path& file,
                                     const std::vector<std::string>& overrides = {});

}  // namespace fleetwright
