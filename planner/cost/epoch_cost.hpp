#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "planner/date.hpp"

namespace fleetwright {

/// A training run as Epoch AI counts it (arXiv 2405.21015, section 2 and appendix A).
struct EpochRun {
  std::string model;
  std::string accelerator;
  double chip_hours = 0;
  double price_usd = 0;  // of an accelerator and its share of the server
  Date bought;
  Date started;
  double power_kw = 0;  // of the same share, at TDP
  double pue = 1;
  double electricity_usd_per_kwh = 0;
  double inflation = 1;      // to the dollars of published_usd
  double published_usd = 0;  // amortised hardware and energy
};

/// Which value of a server is charged.
enum class EpochValue {
  at_start,     // fallen since it was bought: the paper
  at_purchase,  // the updated costs of 2025, as their figures show
};

/// Hardware by the hour is value x 0.14 x ln 10 / 8,760, over 1 - 0.19 for the network between
/// servers; value falls by 0.14 orders of magnitude a year. Energy is three quarters of the power
/// x PUE x price. In dollars of `published_usd`.
[[nodiscard]] double epoch_cost_usd(const EpochRun& run, EpochValue value);

/// The published costs that the project can follow (planner/data/epoch_costs.csv). Throws
/// ScenarioError (located) and Error.
[[nodiscard]] std::vector<EpochRun> read_epoch_runs(const std::filesystem::path& file);

}  // namespace fleetwright
