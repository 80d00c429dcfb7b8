#include "sim/run_estimate.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/checkpoint_interval.hpp"
#include "tests/support/run_tasks.hpp"

namespace fleetwright::testing {
namespace {

// Steps of one second, one token each.
RunEstimate run_of(Seconds training, const std::optional<Reliability>& reliability) {
  return estimate_run(training.si(), 1, 1_s, reliability);
}

TEST(RunEstimate, WithoutFailuresIsStepsTimesStepTime) {
  const RunEstimate run = estimate_run(1000, 100, 2_s, std::nullopt);
  EXPECT_EQ(run.steps, 10);
  EXPECT_EQ(run.training, 20_s);
  EXPECT_EQ(run.wall, 20_s);
  EXPECT_FALSE(run.failures_expected.has_value());
}

TEST(RunEstimate, ALastPartialStepIsAStep) {
  EXPECT_EQ(estimate_run(1001, 100, 2_s, std::nullopt).steps, 11);
}

TEST(RunEstimate, ChoosesDalysIntervalInWholeSteps) {
  const Reliability r = stops_every(2, 600_s, 60_s);
  const double wanted = daly_interval(60_s, 7200_s).si();
  EXPECT_NEAR(planned_interval(r, 1_s)->si(), wanted, 0.5);
  EXPECT_EQ(planned_interval(r, 500_s)->si(), std::round(wanted / 500) * 500);
  EXPECT_EQ(planned_interval(r, 5000_s), 5000_s);  // never less than a step
}

TEST(RunEstimate, ChoosesYoungsIntervalWhereAsked) {
  Reliability r = stops_every(2, 600_s, 60_s);
  r.checkpoint.rule = IntervalRule::young;
  EXPECT_NEAR(planned_interval(r, 1_s)->si(), std::sqrt(2 * 60 * 7200.0), 0.5);
}

TEST(RunEstimate, TakesTheScenariosInterval) {
  Reliability r = stops_every(2, 600_s, 60_s);
  r.checkpoint.interval = 1800_s;
  EXPECT_EQ(planned_interval(r, 1_s), 1800_s);
}

TEST(RunEstimate, WaitsForAnUploadBeforeTheNextCheckpoint) {
  Reliability r = stops_every(2, 600_s, 1_s);
  r.checkpoint.upload = 900_s;
  EXPECT_EQ(planned_interval(r, 1_s), 900_s);
}

TEST(RunEstimate, DalysIntervalIsTheBest) {
  Reliability r = stops_every(3, 300_s, 30_s);
  const double best = run_of(Seconds{1e7}, r).goodput;
  const Seconds optimum = *planned_interval(r, 1_s);
  for (const double factor : {0.3, 0.6, 1.7, 3.0}) {
    r.checkpoint.interval = optimum * factor;
    EXPECT_LT(run_of(Seconds{1e7}, r).goodput, best) << factor;
  }
}

TEST(RunEstimate, IsDalysCompleteModel) {
  Reliability r = stops_every(2, 900_s, 60_s);
  r.checkpoint.interval = 1000_s;
  const double m = 7200;
  // Equation 20, for a whole number of segments; the last one needs no checkpoint.
  const double segments =
      std::exp(900 / m) * m * (999 * std::expm1(1060 / m) + std::expm1(1000 / m));
  EXPECT_NEAR(run_of(Seconds{1e6}, r).wall.si() / segments, 1, 1e-12);
}

// Goodput near 1: checkpoints and half an interval of work a failure (first order in 1/M).
TEST(RunEstimate, IsTheFirstOrderFormulaWhereFailuresAreRare) {
  Reliability r = stops_every(1000, 600_s, 20_s);
  r.checkpoint.interval = 6000_s;
  const double lost = 20.0 / 6000 + (600 + 3000 + 10) / 3.6e6;
  EXPECT_NEAR(1 / run_of(Seconds{6e7}, r).goodput - 1, lost, 0.01 * lost);
}

TEST(RunEstimate, FailuresComeInWallTime) {
  const RunEstimate run = run_of(Seconds{1e7}, stops_every(2, 900_s, 30_s));
  EXPECT_NEAR(*run.failures_expected, run.wall.si() / 7200, 1e-6);
  EXPECT_EQ(run.time_between_failures->si(), 7200);
}

TEST(RunEstimate, AFleetThatFailsFasterThanItRestartsHardlyMoves) {
  EXPECT_LT(run_of(Seconds{1e6}, stops_every(0.1, 3600_s, 60_s)).goodput, 1e-4);
}

TEST(RunEstimate, ARestartThatNeverSucceedsNeverEnds) {
  const RunEstimate run = run_of(Seconds{1e6}, stops_every(1e-4, Seconds{1e5}, 60_s));
  EXPECT_EQ(run.goodput, 0);
  EXPECT_FALSE(is_finite(run.wall));
}

// Erlang's loss formula with one server: a / (1 + a). One spare and the node that is missed are
// two.
TEST(RunEstimate, WaitsWhereAllSparesAreInRepair) {
  Reliability r = stops_every(10, 60_s, 1_s);
  r.repair = Seconds{36000.0};
  r.spare_nodes = 0;
  EXPECT_NEAR(run_of(Seconds{1e7}, r).waiting_fraction, 0.5, 1e-12);
  r.spare_nodes = 1;
  EXPECT_NEAR(run_of(Seconds{1e7}, r).waiting_fraction, 0.2, 1e-12);  // (a^2/2)/(1+a+a^2/2)
  r.spare_nodes = 10;
  EXPECT_LT(run_of(Seconds{1e7}, r).waiting_fraction, 1e-7);
}

// Two islands, each with the rate of the one above: odds of 1 each without a spare, of 1/4 with
// one.
TEST(RunEstimate, WaitsForTheIslandThatLacksANode) {
  Reliability r = stops_every(10, 60_s, 1_s);
  r.repair = Seconds{36000.0};
  StopCause other = r.stops.front();
  other.island = 1;
  r.stops.push_back(other);
  r.spare_nodes = 0;
  EXPECT_NEAR(run_of(Seconds{1e7}, r).waiting_fraction, 2.0 / 3, 1e-12);
  r.spare_nodes = 1;
  EXPECT_NEAR(run_of(Seconds{1e7}, r).waiting_fraction, 1.0 / 3, 1e-12);
}

// One part at half speed for an hour in four, on average: exp(-1/4) of the time nothing is slow.
TEST(RunEstimate, SlowPartsSetThePaceOfAll) {
  Reliability r;
  r.slowdowns = {{"link", Hertz{1 / 14400.0}, 2.0, 3600_s, /*replaces_node=*/false}};
  const double free = std::exp(-0.25);
  EXPECT_NEAR(run_of(Seconds{1e7}, r).goodput, free + (1 - free) / 2, 1e-9);
  EXPECT_NEAR(run_of(Seconds{1e7}, r).ettr, 1, 1e-9);
  // A second kind that is slower hides the first.
  r.slowdowns.push_back({"gpu", Hertz{1 / 3600.0}, 4.0, 3600_s, false});
  const double slow = 1 - std::exp(-1.0);
  EXPECT_NEAR(run_of(Seconds{1e7}, r).goodput, slow / 4 + std::exp(-1.0) * ((1 - free) / 2 + free),
              1e-9);
}

TEST(RunEstimate, StoppedTimeIsRestartsAndWaits) {
  Reliability r = stops_every(10, 600_s, 1_s);
  const RunEstimate run = run_of(Seconds{1e7}, r);
  EXPECT_NEAR(run.stopped.si(), *run.failures_expected * 600, 0.02 * run.stopped.si());
}

}  // namespace
}  // namespace fleetwright::testing
