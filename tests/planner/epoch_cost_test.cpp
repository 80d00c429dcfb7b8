#include "planner/cost/epoch_cost.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/core/data_files.hpp"

// How far Epoch AI's method, in our hands, is from what Epoch AI published.
namespace fleetwright {
namespace {

std::vector<EpochRun> runs() { return read_epoch_runs(data_file("planner/data/epoch_costs.csv")); }

const EpochRun& run_of(const std::vector<EpochRun>& all, std::string_view model) {
  return *std::ranges::find(all, model, &EpochRun::model);
}

TEST(EpochCost, FollowsThePublishedUpdateFromTheValueAtPurchase) {
  const auto all = runs();
  ASSERT_GE(all.size(), 15U);
  for (const EpochRun& run : all) {
    EXPECT_NEAR(epoch_cost_usd(run, EpochValue::at_purchase) / run.published_usd, 1, 0.03)
        << run.model;
  }
}

// The paper of May 2024 has $40 M for GPT-4; its files of 2025 have $69 M.
TEST(EpochCost, FollowsThePaperFromTheValueAtTheStart) {
  const auto all = runs();
  EXPECT_NEAR(epoch_cost_usd(run_of(all, "GPT-4"), EpochValue::at_start) / 40e6, 1, 0.03);
  EXPECT_NEAR(epoch_cost_usd(run_of(all, "GPT-4"), EpochValue::at_purchase) / 68.8e6, 1, 0.03);
}

// By hand: a chip-hour of $40,000 is 40,000 x 0.32236 / 8,760 / 0.81 = $1.8172, and half a kW at
// three quarters, a PUE of 1.2 and 10 cents is 4.5 cents.
TEST(EpochCost, IsTheFormulaOfThePaper) {
  EpochRun run;
  run.chip_hours = 1;
  run.price_usd = 40'000;
  run.bought = {2023, 1, 1};
  run.started = {2024, 1, 1};
  run.power_kw = 0.5;
  run.pue = 1.2;
  run.electricity_usd_per_kwh = 0.1;
  EXPECT_NEAR(epoch_cost_usd(run, EpochValue::at_purchase), 1.8172 + 0.045, 1e-4);
  EXPECT_NEAR(epoch_cost_usd(run, EpochValue::at_start), 1.8172 * std::pow(10, -0.14) + 0.045,
              1e-3);
}

}  // namespace
}  // namespace fleetwright
