#include "sim/run_simulation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/random.hpp"
#include "sim/run_distribution.hpp"
#include "tests/support/run_tasks.hpp"

namespace fleetwright::testing {
namespace {

constexpr Seconds no_limit{1e18};

RunTask everything_at_once() {
  RunTask task{Seconds{2e6}, 1200_s, stops_every(3, 300_s, 20_s)};
  Reliability& r = task.reliability;
  r.stops.push_back({"maintenance", Hertz{1 / 86400.0}, false, /*planned=*/true});
  r.slowdowns = {{"gpu", Hertz{1 / 20000.0}, 1.5, 4000_s, true},
                 {"link", Hertz{1 / 30000.0}, 3.0, 2000_s, false}};
  r.detection = 120_s;
  r.spare_nodes = 3;
  r.repair = 30000_s;
  r.checkpoint.upload = 200_s;
  r.checkpoint.upload_drag = 1.25;
  return task;
}

TEST(RunSimulation, WithoutFailuresIsTrainingAndCheckpoints) {
  Reliability r;
  r.checkpoint.write = 30_s;
  const SimulatedRun run = simulate_run({1000_s, 100_s, r}, 1, 0, no_limit);
  EXPECT_TRUE(run.finished);
  EXPECT_NEAR(run.time.wall().si(), 1000 + 9 * 30, 1e-9);  // none after the last segment
  EXPECT_EQ(run.interruptions(), 0);
}

TEST(RunSimulation, ALastSegmentMayBeShorter) {
  Reliability r;
  r.checkpoint.write = 30_s;
  EXPECT_NEAR(simulate_run({1050_s, 100_s, r}, 1, 0, no_limit).time.wall().si(), 1050 + 10 * 30,
              1e-9);
}

TEST(RunSimulation, AccountsForAllOfTheTime) {
  const RunTask task = everything_at_once();
  for (std::uint64_t run = 0; run < 20; ++run) {
    const SimulatedRun s = simulate_run(task, 7, run, no_limit);
    ASSERT_TRUE(s.finished);
    EXPECT_NEAR(s.time.training / task.training, 1, 1e-9);
    EXPECT_GT(s.failures, 0);
    EXPECT_GT(s.planned, 0);
    EXPECT_GT(s.replaced_slow, 0);
    for (const auto part :
         {&RunTime::slow, &RunTime::checkpoints, &RunTime::redone, &RunTime::restarts}) {
      EXPECT_GT(s.time.*part, Seconds{}) << run;
    }
    // A restart takes at most 420 s, and one that is struck itself less.
    EXPECT_LE(s.time.restarts.si(), 420.0 * s.failures + 500.0 * (s.planned + s.replaced_slow));
    // No failure costs more work than a segment and an upload.
    EXPECT_LE(s.time.redone.si(), 1400.0 * s.failures);
  }
}

TEST(RunSimulation, TheSameSeedAndNumberGiveTheSameRun) {
  const RunTask task = everything_at_once();
  const Seconds first = simulate_run(task, 7, 3, no_limit).time.wall();
  EXPECT_EQ(simulate_run(task, 7, 3, no_limit).time.wall(), first);
  EXPECT_NE(simulate_run(task, 7, 4, no_limit).time.wall(), first);
  EXPECT_NE(simulate_run(task, 8, 3, no_limit).time.wall(), first);
}

TEST(RunSimulation, ThreadsChangeNothing) {
  const RunTask task = everything_at_once();
  const std::vector<SimulatedRun> runs = simulate_runs(task, 7, 64, no_limit);
  for (std::uint64_t run = 0; run < runs.size(); ++run) {
    EXPECT_EQ(runs[run].time.wall(), simulate_run(task, 7, run, no_limit).time.wall()) << run;
  }
}

TEST(RunSimulation, EndsUnfinishedWhereNoProgressIsMade) {
  // A restart of a day in a cluster that stops every minute.
  const SimulatedRun run = simulate_run(
      {Seconds{1e6}, 600_s, stops_every(1 / 60.0, Seconds{86400}, 60_s)}, 1, 0, Seconds{1e7});
  EXPECT_FALSE(run.finished);
  EXPECT_GT(run.failures, 1000);
}

TEST(RunSimulation, EndsUnfinishedAfterTooManyEvents) {
  const SimulatedRun run =
      simulate_run({Seconds{1e6}, 600_s, stops_every(1e-6, 60_s, 60_s)}, 1, 0, no_limit);
  EXPECT_FALSE(run.finished);
}

SampleMean mean_wall(const RunTask& task, std::uint64_t seed) {
  std::vector<double> walls;
  for (const SimulatedRun& run : simulate_runs(task, seed, 200, no_limit)) {
    walls.push_back(run.time.wall().si());
  }
  return mean_of(walls);
}

TEST(RunSimulation, SkippingUndisturbedSegmentsChangesNothing) {
  RunTask task{Seconds{1e5}, 100_s, stops_every(2, 300_s, 5_s)};
  const SampleMean skipped = mean_wall(task, 1);
  // A slow part of factor 1 changes nothing but that the run is played to it and on from there.
  task.reliability.slowdowns = {{"none", Hertz{1 / 50.0}, 1.0, 1_s, false}};
  const SampleMean played = mean_wall(task, 2);
  EXPECT_NEAR(played.value, skipped.value, 3.3 * std::hypot(played.error, skipped.error));
}

TEST(RunDistribution, CountsUnfinishedRunsAsEndless) {
  const RunTask task{Seconds{1e6}, 600_s, stops_every(1 / 60.0, Seconds{86400}, 60_s)};
  const RunDistribution d = distribution_of(simulate_runs(task, 1, 10, Seconds{1e7}));
  EXPECT_EQ(d.unfinished, 10);
  EXPECT_TRUE(std::isinf(d.wall_s.p50));
  EXPECT_EQ(d.goodput.p50, 0);
}

TEST(RunDistribution, QuantileIsTheSmallestValueThatEnoughDoNotExceed) {
  std::vector<double> values{5, 1, 4, 2, 3, 10, 9, 8, 7, 6};
  EXPECT_EQ(quantile(values, 0.1), 1);
  EXPECT_EQ(quantile(values, 0.5), 5);
  EXPECT_EQ(quantile(values, 0.9), 9);
  EXPECT_EQ(quantile(values, 1.0), 10);
}

// What the pool says of a new cluster: rates of exp(spread z) times the typical one's.
TEST(RunDistribution, ClustersThatDifferSpreadTheFailures) {
  RunTask task{Seconds{2e6}, 600_s, stops_every(3, 60_s, 1_s)};
  const RunDistribution alike = distribution_of(simulate_runs(task, 1, 1000, no_limit));
  task.reliability.spread = 0.6;
  const RunDistribution differing = distribution_of(simulate_runs(task, 1, 1000, no_limit));
  const double z = 1.2816;
  EXPECT_NEAR(differing.failures.p50 / alike.failures.p50, 1, 0.08);
  EXPECT_NEAR(differing.failures.p90 / differing.failures.p50, std::exp(0.6 * z), 0.25);
  EXPECT_NEAR(differing.failures.p10 / differing.failures.p50, std::exp(-0.6 * z), 0.08);
}

TEST(Random, ExponentialAndNormalHaveTheirMoments) {
  Random random(1, 2);
  double exponential = 0;
  double normal = 0;
  double squares = 0;
  constexpr int n = 200'000;
  for (int i = 0; i < n; ++i) {
    exponential += random.exponential() / n;
    const double z = random.normal();
    normal += z / n;
    squares += z * z / n;
  }
  EXPECT_NEAR(exponential, 1, 0.01);
  EXPECT_NEAR(normal, 0, 0.01);
  EXPECT_NEAR(squares, 1, 0.015);
}

}  // namespace
}  // namespace fleetwright::testing
