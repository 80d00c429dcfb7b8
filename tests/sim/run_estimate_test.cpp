#include "sim/run_estimate.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace fleetwright {
namespace {

TEST(RunEstimate, WithoutFailuresIsStepsTimesStepTime) {
  const RunEstimate run = estimate_run(1000, 100, 2_s, 4, std::nullopt);
  EXPECT_EQ(run.steps, 10);
  EXPECT_EQ(run.training, 20_s);
  EXPECT_EQ(run.wall, 20_s);
  EXPECT_FALSE(run.failures_expected.has_value());
}

TEST(RunEstimate, ALastPartialStepIsAStep) {
  EXPECT_EQ(estimate_run(1001, 100, 2_s, 4, std::nullopt).steps, 11);
}

TEST(RunEstimate, ChoosesYoungsInterval) {
  Reliability r;
  r.failures_per_node_day = 0.0065;  // Meta RSC: 6.5 per 1,000 node-days
  r.checkpoint_write = 60_s;
  r.restart = 600_s;
  const RunEstimate run = estimate_run(1e12, 1e6, 1_s, 2048, r);
  const double mtbf = 86400 / (0.0065 * 2048);
  EXPECT_NEAR(run.checkpoint_interval->si(), std::sqrt(2 * 60 * mtbf), 1e-6);
}

TEST(RunEstimate, YoungsIntervalIsTheBest) {
  Reliability r;
  r.failures_per_node_day = 0.01;
  r.checkpoint_write = 30_s;
  r.restart = 300_s;
  const double best = estimate_run(1e12, 1e6, 1_s, 1000, r).goodput;
  const Seconds optimum = *estimate_run(1e12, 1e6, 1_s, 1000, r).checkpoint_interval;
  for (const double factor : {0.3, 0.6, 1.7, 3.0}) {
    r.checkpoint_interval = optimum * factor;
    EXPECT_LT(estimate_run(1e12, 1e6, 1_s, 1000, r).goodput, best) << factor;
  }
}

TEST(RunEstimate, CountsTheInterruptionsOfALongRun) {
  // Llama 3: 419 unexpected interruptions in 54 days on 2,048 nodes (arXiv 2407.21783, table 5).
  Reliability r;
  r.failures_per_node_day = 419.0 / (54 * 2048);
  r.checkpoint_write = 10_s;
  r.restart = 600_s;
  const RunEstimate run = estimate_run(54 * 86400.0, 1, 1_s, 2048, r);
  EXPECT_NEAR(*run.failures_expected * 54 * 86400 / run.wall.si(), 419, 1);
  EXPECT_GT(run.goodput, 0.9);
}

TEST(RunEstimate, AFleetThatFailsFasterThanItRestartsNeverEnds) {
  Reliability r;
  r.failures_per_node_day = 100;
  r.checkpoint_write = 60_s;
  r.restart = 3600_s;
  EXPECT_EQ(estimate_run(1e9, 1e6, 1_s, 1000, r).goodput, 0);
}

}  // namespace
}  // namespace fleetwright
