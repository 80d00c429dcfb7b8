// How far are runs from published ones? Rates are of other clusters than the one predicted, unless
// a test says "in sample".

#include <gtest/gtest.h>

#include <cmath>

#include "models/core/data_files.hpp"
#include "profiles/failure_pool.hpp"
#include "sim/run_distribution.hpp"
#include "sim/run_estimate.hpp"

namespace fleetwright {
namespace {

constexpr Seconds day{86400};

const std::map<std::string, FailureRecord>& records() {
  static const auto all = read_failure_records(data_file("profiles/data/reliability.toml"));
  return all;
}

Cluster nodes_of_eight(int gpus) {
  Cluster cluster;
  cluster.gpus = gpus;
  return cluster;
}

std::vector<StopRecord> with_rates(const std::string& id) {
  std::vector<StopRecord> stops = records().at(id).stops;
  for (StopRecord& stop : stops) stop.rate = rate_of(records().at(id), stop);
  return stops;
}

Reliability recovers_as_usual(std::vector<StopCause> stops, Seconds checkpoint_write) {
  const FailureRecord& usual = records().at("megascale");
  Reliability r;
  r.stops = std::move(stops);
  r.detection = usual.detection->value;
  r.restart = usual.restart->value;
  r.checkpoint.write = checkpoint_write;
  return r;
}

// As much training as fits into `wall` on average, in steps of `step`.
RunTask task_that_takes(Seconds wall, Seconds step, const Reliability& r) {
  const double goodput = estimate_run(wall.si(), step.si(), step, r).goodput;
  return {wall * goodput, planned_interval(r, step).value(), r};
}

// 16,384 H100, 54 days: 419 unexpected interruptions and more than 90 % of the time effective. 5.7
// TB at 2 TB/s are a checkpoint of 2.8 s; a step takes some 6 s.
struct Llama3 {
  FailurePool pool = pool_failures(records(), {"llama3-405b"});
  Reliability reliability = [this] {
    Reliability r = recovers_as_usual(stops_of(pool.stops, nodes_of_eight(16384)), Seconds{2.84});
    r.spread = pool.spread;
    return r;
  }();
  RunDistribution runs = distribution_of(
      simulate_runs(task_that_takes(54 * day, Seconds{6}, reliability), 1, 1000, 5400 * day));
};

const Llama3& llama3() {
  static const Llama3 run;
  return run;
}

TEST(Llama3Run, OtherClustersPredictTheNumberOfUnexpectedInterruptions) {
  EXPECT_NEAR(llama3().runs.failures.p50 / 419, 1, 0.15);
  EXPECT_LT(llama3().runs.failures.p10, 419);
  EXPECT_GT(llama3().runs.failures.p90, 419);
}

TEST(Llama3Run, MostOfTheTimeIsEffective) {
  EXPECT_GT(llama3().runs.goodput.p50, 0.90);
  EXPECT_GT(llama3().runs.goodput.p90, 0.95);
  EXPECT_LT(llama3().runs.goodput.p10, 0.90);  // a cluster of the worse kind would have missed it
}

// In sample: its own rates, planned stops among them, which no other source counts.
TEST(Llama3Run, ItsOwnRatesGiveItsOwnInterruptionsBack) {
  const Reliability r =
      recovers_as_usual(stops_of(with_rates("llama3-405b"), nodes_of_eight(16384)), Seconds{2.84});
  const RunDistribution runs =
      distribution_of(simulate_runs(task_that_takes(54 * day, Seconds{6}, r), 1, 1000, 5400 * day));
  EXPECT_NEAR(runs.failures.p50, 419, 10);
  EXPECT_NEAR(runs.interruptions.p50, 466, 15);
  EXPECT_GT(runs.goodput.p10, 0.90);
}

Seconds time_between_failures(const std::string& id, int gpus) {
  Reliability r;
  r.stops = stops_of(with_rates(id), nodes_of_eight(gpus));
  return 1 / r.failure_rate();
}

// Meta's projections follow from their rate of large jobs: in sample, this says that we count nodes
// as they do.
TEST(MetaRsc, LargeJobsFailAsProjected) {
  EXPECT_NEAR(time_between_failures("meta-rsc-1", 16'384).si() / 3600, 1.8, 0.05);
  EXPECT_NEAR(time_between_failures("meta-rsc-1", 131'072).si() / 3600, 0.23, 0.005);
}

// The rate that jobs of 8 GPUs had predicts jobs of 1,024.
TEST(MetaRsc, JobsOfOneNodePredictJobsOf128) {
  EXPECT_NEAR(time_between_failures("meta-rsc-small-jobs", 8) / day, 47.7, 0.1);
  EXPECT_NEAR(time_between_failures("meta-rsc-small-jobs", 1024).si() / 3600 / 7.9, 1, 0.15);
}

// The two do not lie on one curve: 1,024 GPUs fail 3.6 times as often as the rate of large jobs
// says. The paper does not say what else stops them.
TEST(MetaRsc, MeasuredAndProjectedTimesAreOfDifferentRates) {
  EXPECT_NEAR(time_between_failures("meta-rsc-1", 1024).si() / 3600 / 7.9, 3.65, 0.1);
}

// MTTF as it is measured: time over failures, of simulated jobs.
TEST(MetaRsc, SimulatedJobsFailAsOften) {
  for (const int gpus : {1024, 16'384, 131'072}) {
    const Seconds expected = time_between_failures("meta-rsc-1", gpus);
    Reliability r;
    r.stops = stops_of(with_rates("meta-rsc-1"), nodes_of_eight(gpus));
    r.restart = Seconds{60};
    r.checkpoint.write = Seconds{1};
    const RunTask task{200 * expected, planned_interval(r, Seconds{10}).value(), r};
    const RunDistribution runs = distribution_of(simulate_runs(task, 3, 200, 1000 * task.training));
    ASSERT_EQ(runs.unfinished, 0);
    const double measured = runs.mean_wall_s.value / runs.mean_failures.value;
    EXPECT_NEAR(measured / expected.si(), 1, 0.02) << gpus;
  }
}

// More than 100 restarts in several weeks (four are taken) on 12,288 GPUs, more than 90 %
// effective. The source of the recovery times is the same, the rates are not.
TEST(MegaScaleRun, RestartsAHundredTimesAndIsMostlyEffective) {
  const FailurePool pool = pool_failures(records(), {});
  const Reliability r = recovers_as_usual(stops_of(pool.stops, nodes_of_eight(12'288)), Seconds{5});
  const RunDistribution runs =
      distribution_of(simulate_runs(task_that_takes(28 * day, Seconds{6}, r), 1, 400, 2800 * day));
  EXPECT_GT(runs.failures.p50, 100);
  EXPECT_GT(runs.goodput.p50, 0.90);
}

}  // namespace
}  // namespace fleetwright
