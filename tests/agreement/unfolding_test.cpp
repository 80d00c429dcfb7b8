#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "sim/analytic_run.hpp"
#include "sim/cluster_simulation.hpp"
#include "sim/simgrid/simulated_estimator.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

constexpr double tolerance = 1e-6;

Seconds step_time(const StepSetup& setup, const Unfolding& unfolding) {
  const AnalyticEstimator analytic;
  const SimulatedEstimator simulated;
  const bool alone = unfolding.granularity == Granularity::analytic;
  const Estimator& estimator = alone ? static_cast<const Estimator&>(analytic) : simulated;
  return simulate_cluster(setup, unfolding, {}, estimator).run.steps.front();
}

Unfolding at(Granularity granularity, bool all_columns) {
  Unfolding unfolding;
  unfolding.granularity = granularity;
  unfolding.all_columns = all_columns;
  return unfolding;
}

/// Four columns of two nodes a stage; experts reach over both.
StepSetup experts_on(int gpus) {
  constexpr int pp = 4;
  StepSetup s = testing::moe_setup("H800-SXM", gpus, pp);
  s.job.strategy.ep = 16;
  s.job.strategy.schedule = "1f1b";
  s.job.strategy.global_batch = s.job.strategy.dp * 8;
  return s;
}

void expect_agreement(const StepSetup& setup, Granularity granularity) {
  const double folded = step_time(setup, at(granularity, false)).si();
  const double unfolded = step_time(setup, at(granularity, true)).si();
  EXPECT_NEAR(unfolded, folded, tolerance * folded);
}

using Wiring = std::tuple<std::string, Routing, double>;

class Unfolded : public ::testing::TestWithParam<Wiring> {};

StepSetup wired(StepSetup s, const Wiring& wiring) {
  s.cluster.topology = std::get<0>(wiring);
  s.cluster.routing = std::get<1>(wiring);
  s.cluster.oversubscription = std::get<2>(wiring);
  s.cluster.switch_ports = 16;
  return s;
}

TEST_P(Unfolded, IsTheFoldedStep) {
  const StepSetup s = wired(experts_on(256), GetParam());
  ASSERT_EQ(lay_out_columns(s.job.strategy).count, 4);
  expect_agreement(s, Granularity::analytic);
  expect_agreement(s, Granularity::coflow);
}

INSTANTIATE_TEST_SUITE_P(Wirings, Unfolded,
                         ::testing::Values(Wiring{"single-switch", Routing::adaptive, 1},
                                           Wiring{"fat-tree", Routing::adaptive, 1},
                                           Wiring{"fat-tree", Routing::adaptive, 3},
                                           Wiring{"fat-tree", Routing::fixed, 1},
                                           Wiring{"multi-plane-fat-tree", Routing::adaptive, 1}));

// Columns of a dragonfly stand in different places of their groups.
TEST(Unfolded, IsAboutTheFoldedStepOnADragonfly) {
  const StepSetup s = wired(experts_on(256), {"dragonfly", Routing::adaptive, 1});
  const double folded = step_time(s, at(Granularity::coflow, false)).si();
  EXPECT_NEAR(step_time(s, at(Granularity::coflow, true)).si(), folded, 1e-4 * folded);
}

TEST(Unfolded, IsTheFoldedStepOnRailsThatAreNotJoined) {
  StepSetup s = experts_on(256);
  s.cluster.topology = "rail-only";
  expect_agreement(s, Granularity::coflow);
}

/// Flows that collide are slow, and others are not: the columns differ. The folded step takes all
/// for as slow as the slowest.
TEST(Unfolded, IsNoSlowerThanTheFoldedStepWhereHashedPathsCollide) {
  const double wide = step_time(wired(experts_on(256), {"fat-tree", Routing::adaptive, 1}),
                                at(Granularity::coflow, true))
                          .si();
  const StepSetup s = wired(experts_on(256), {"fat-tree", Routing::ecmp, 1});
  const double folded = step_time(s, at(Granularity::coflow, false)).si();
  const double unfolded = step_time(s, at(Granularity::coflow, true)).si();
  EXPECT_GT(folded, wide * 1.01);
  EXPECT_GT(unfolded, wide);
  EXPECT_LE(unfolded, folded);
}

TEST(Unfolded, IsTheFoldedStepUpTo2048Gpus) {
  for (const int gpus : {512, 1024, 2048}) expect_agreement(experts_on(gpus), Granularity::coflow);
}

TEST(Unfolded, IsTheFoldedStepByPairsOfNodes) {
  expect_agreement(experts_on(256), Granularity::node);
  expect_agreement(wired(experts_on(256), {"fat-tree", Routing::adaptive, 3}), Granularity::node);
}

TEST(Unfolded, IsTheFoldedStepOfEverySchedule) {
  for (const std::string& schedule : names_of(builtin_schedules())) {
    StepSetup s = experts_on(256);
    testing::set_schedule(s, schedule);
    expect_agreement(s, Granularity::coflow);
  }
}

TEST(Unfolded, IsTheFoldedStepOfADenseModel) {
  StepSetup s = testing::dense_setup("H100-SXM", 128);
  s.job.strategy.tp = 8;
  s.job.strategy.pp = 2;
  s.job.strategy.dp = 8;
  s.job.strategy.sequence_parallel = true;
  s.job.strategy.global_batch = 64;
  ASSERT_EQ(lay_out_columns(s.job.strategy).count, 8);
  for (const Granularity g : granularities) expect_agreement(s, g);
}

TEST(Unfolded, IsTheFoldedStepWithoutModelParallelism) {
  StepSetup s = testing::dense_setup("A100-SXM-80", 32);
  s.cluster.nics_per_node = 4;  // two GPUs share one
  ASSERT_EQ(lay_out_columns(s.job.strategy).count, 32);
  expect_agreement(s, Granularity::coflow);
}

class Granularities : public ::testing::TestWithParam<std::string> {};

TEST_P(Granularities, AgreeWhereEverythingIsSymmetric) {
  StepSetup s = experts_on(128);
  testing::set_schedule(s, GetParam());
  s.job.strategy.global_batch = s.job.strategy.dp * 8;
  const double coflow = step_time(s, at(Granularity::coflow, true)).si();
  EXPECT_NEAR(step_time(s, at(Granularity::node, true)).si(), coflow, tolerance * coflow);
  EXPECT_NEAR(step_time(s, at(Granularity::gpu, true)).si(), coflow, tolerance * coflow);
}

INSTANTIATE_TEST_SUITE_P(Schedules, Granularities,
                         ::testing::ValuesIn(names_of(builtin_schedules())), [](const auto& test) {
                           std::string name = test.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(Granularities, AgreeBelowAThinLeaf) {
  const StepSetup s = wired(experts_on(128), {"fat-tree", Routing::adaptive, 3});
  const double coflow = step_time(s, at(Granularity::coflow, true)).si();
  EXPECT_NEAR(step_time(s, at(Granularity::node, true)).si(), coflow, tolerance * coflow);
  EXPECT_NEAR(step_time(s, at(Granularity::gpu, true)).si(), coflow, tolerance * coflow);
}

TEST(Granularities, CanOnlyAddToTheAnalyticTime) {
  for (const Granularity g : {Granularity::coflow, Granularity::node}) {
    const StepSetup s = experts_on(128);
    EXPECT_GE(step_time(s, at(g, true)),
              step_time(s, at(Granularity::analytic, true)) * (1 - 1e-9));
  }
}

/// With a slow node: its column is simulated, and one more for all others.
TEST(Folding, KeepsAStragglerAndOneForTheRest) {
  for (const double oversubscription : {1.0, 3.0}) {
    const StepSetup s = wired(experts_on(256), {"fat-tree", Routing::adaptive, oversubscription});
    Unfolding folded = at(Granularity::coflow, false);
    folded.variation.slow_nodes = {{3, 2.0}};
    const ClusterSimulation two = simulate_cluster(s, folded, {}, SimulatedEstimator());
    ASSERT_EQ(two.parts.size(), 2U);
    EXPECT_EQ(two.parts[0].represents.size(), 3U);
    Unfolding all = folded;
    all.all_columns = true;
    const double unfolded = step_time(s, all).si();
    EXPECT_GT(unfolded, step_time(s, at(Granularity::coflow, true)).si() * 1.01);
    // Where uplinks are shared, flows of the columns that one stands for meet those of the slow one
    // a little otherwise than it does.
    EXPECT_NEAR(two.run.steps.front().si(), unfolded,
                (oversubscription > 1 ? 1e-3 : 1e-6) * unfolded);
  }
}

TEST(Folding, IsGivenUpWherePartsDifferAtRandom) {
  Unfolding unfolding = at(Granularity::coflow, false);
  unfolding.variation.kernel_jitter = 0.02;
  const ClusterSimulation all =
      simulate_cluster(experts_on(256), unfolding, {}, SimulatedEstimator());
  EXPECT_EQ(all.parts.size(), 4U);
  ASSERT_EQ(all.notes.size(), 1U);
  EXPECT_NE(all.notes.front().find("every column"), std::string::npos);
}

}  // namespace
}  // namespace fleetwright
