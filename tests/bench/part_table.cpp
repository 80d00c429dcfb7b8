#include <fmt/core.h>

#include "models/core/data_files.hpp"
#include "planner/report.hpp"
#include "sim/simgrid/simulated_estimator.hpp"
#include "tests/bench/tables.hpp"

namespace fleetwright::bench {

void print_part_table() {
  const Scenario scenario = read_scenario(data_file("scenarios/deepseek-v3.toml"));
  Unfolding unfolding;
  unfolding.all_columns = true;
  const Report report =
      make_report(scenario, simulate_cluster(scenario.setup, unfolding, {}, SimulatedEstimator()));
  fmt::print(
      "\nThe parts of DeepSeek-V3's step on 2,048 H800, seconds\n\n  {:<28} {:>10} {:>10} {:>8}\n",
      "part", "simulated", "published", "");
  for (const ClaimCheck& check : report.claims) {
    const std::string& quantity = check.claim.quantity;
    const bool is_part = quantity == "step.time_s" || quantity.starts_with("step.parts_s.");
    if (!is_part || !check.predicted) continue;
    fmt::print("  {:<28} {:>10.3f} {:>10.3f} {:>+7.1f} %\n", quantity, *check.predicted,
               check.claim.value, 100 * check.difference().value_or(0));
  }
}

}  // namespace fleetwright::bench
