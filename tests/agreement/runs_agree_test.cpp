// Does the simulated run equal the closed form in the mean? The interval holds the true mean in 999
// of 1,000 samples; where the closed form is an approximation, its error is added.

#include <gtest/gtest.h>

#include <cmath>

#include "sim/run_distribution.hpp"
#include "sim/run_estimate.hpp"
#include "tests/support/run_tasks.hpp"

namespace fleetwright::testing {
namespace {

constexpr double sigmas = 3.29;  // two-sided 99.9 %
constexpr double exact = 0;

void expect_agreement(const Reliability& reliability, Seconds training, int runs,
                      double approximation) {
  const RunEstimate estimate = estimate_run(training.si(), 1, 1_s, reliability);
  ASSERT_TRUE(estimate.checkpoint_interval.has_value());
  const RunTask task{training, *estimate.checkpoint_interval, reliability};
  const RunDistribution d = distribution_of(simulate_runs(task, 42, runs, 1000 * estimate.wall));
  ASSERT_EQ(d.unfinished, 0);
  const double wall = estimate.wall.si();
  EXPECT_NEAR(d.mean_wall_s.value, wall, sigmas * d.mean_wall_s.error + approximation * wall);
  const double failures = *estimate.failures_expected;
  EXPECT_NEAR(d.mean_failures.value, failures,
              sigmas * d.mean_failures.error + approximation * failures);
  // The interval is narrow enough to say something.
  EXPECT_LT(d.mean_wall_s.error, 0.005 * wall);
}

TEST(RunAgreement, FailuresWithCheapCheckpoints) {
  expect_agreement(stops_every(3, 300_s, 3_s), Seconds{2e6}, 400, exact);
}

TEST(RunAgreement, FailuresAsOftenAsCheckpoints) {
  expect_agreement(stops_every(0.5, 900_s, 600_s), Seconds{1e6}, 400, exact);
}

TEST(RunAgreement, RestartsThatAreStruckThemselves) {
  expect_agreement(stops_every(0.5, 3600_s, 30_s), Seconds{5e5}, 400, exact);
}

TEST(RunAgreement, AnIntervalFarFromTheOptimum) {
  Reliability r = stops_every(2, 300_s, 10_s);
  r.checkpoint.interval = 7200_s;
  expect_agreement(r, Seconds{2e6}, 400, exact);
}

TEST(RunAgreement, ALastPartialSegment) {
  Reliability r = stops_every(2, 300_s, 10_s);
  r.checkpoint.interval = 3000_s;
  expect_agreement(r, Seconds{10'001}, 20'000, exact);
}

TEST(RunAgreement, PlannedStops) {
  Reliability r = stops_every(3, 300_s, 10_s);
  r.stops.push_back({"maintenance", Hertz{1 / 7200.0}, false, /*planned=*/true});
  expect_agreement(r, Seconds{5e6}, 400, 1e-3);  // those due at the end of the run never come
}

// The first and the last upload are of other lengths than the rest.
TEST(RunAgreement, UploadsBehindTraining) {
  Reliability r = stops_every(1, 300_s, 5_s);
  r.checkpoint.upload = 400_s;
  expect_agreement(r, Seconds{5e6}, 400, 1e-3);
  r.checkpoint.upload_drag = 1.3;
  expect_agreement(r, Seconds{5e6}, 400, 1e-3);
}

// In the steady state, which the first repairs are not in yet.
TEST(RunAgreement, SparesThatRunOut) {
  for (const int spares : {0, 2, 5}) {
    Reliability r = stops_every(5, 300_s, 10_s);
    r.spare_nodes = spares;
    r.repair = Seconds{36'000};
    expect_agreement(r, Seconds{2e7}, 300, 2e-3);
  }
}

// Nodes of one island do not take the place of another's. The closed form adds up what each lacks,
// also while both lack something.
TEST(RunAgreement, SparesOfTwoIslandsThatRunOut) {
  for (const int spares : {0, 1, 3}) {
    Reliability r = stops_every(8, 300_s, 10_s);
    StopCause other = r.stops.front();
    other.rate *= 0.4;
    other.island = 1;
    r.stops.push_back(other);
    r.spare_nodes = spares;
    r.repair = Seconds{36'000};
    expect_agreement(r, Seconds{2e7}, 300, 8e-3);
  }
}

// A segment is stretched by the speed at hand, and the closed form by the mean speed.
TEST(RunAgreement, SlowParts) {
  Reliability r = stops_every(10, 300_s, 5_s);
  r.slowdowns = {{"link", Hertz{1 / 20'000.0}, 2.0, 5000_s, false},
                 {"other link", Hertz{1 / 40'000.0}, 4.0, 5000_s, false}};
  expect_agreement(r, Seconds{2e7}, 300, 4e-3);
}

TEST(RunAgreement, SlowPartsThatAreReplaced) {
  Reliability r = stops_every(10, 300_s, 5_s);
  r.slowdowns = {{"gpu", Hertz{1 / 20'000.0}, 1.3, 5000_s, true}};
  expect_agreement(r, Seconds{2e7}, 300, 4e-3);
}

TEST(RunAgreement, EverythingAtOnce) {
  Reliability r = stops_every(3, 300_s, 5_s);
  r.detection = 120_s;
  r.stops.push_back({"maintenance", Hertz{1 / 86'400.0}, false, true});
  r.slowdowns = {{"gpu", Hertz{1 / 50'000.0}, 1.2, 5000_s, true},
                 {"link", Hertz{1 / 50'000.0}, 2.0, 5000_s, false}};
  r.spare_nodes = 4;
  r.repair = Seconds{30'000};
  r.checkpoint.upload = 60_s;
  r.checkpoint.upload_drag = 1.05;
  expect_agreement(r, Seconds{2e7}, 300, 6e-3);
}

}  // namespace
}  // namespace fleetwright::testing
