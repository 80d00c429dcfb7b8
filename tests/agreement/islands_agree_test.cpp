// Islands that are alike, with nothing between them, are one cluster.

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "sim/islands.hpp"
#include "sim/simgrid/simulated_estimator.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

constexpr BytesPerSecond no_limit{1e30};

// 8 layers on 64 H800 whose NICs hang on one switch: no way is longer than another.
StepSetup one_cluster(const std::string& schedule) {
  StepSetup setup = testing::moe_setup("H800-SXM", 64, 4);
  setup.cluster.topology = "single-switch";
  setup.cluster.switch_ports = 1024;
  setup.job.strategy.zero_stage = 1;
  setup.job.strategy.ep = 8;
  setup.job.strategy.micro_batch = 1;
  setup.job.strategy.global_batch = 16 * setup.job.strategy.dp;
  testing::set_schedule(setup, schedule);
  const int stages = schedule.ends_with("-v") ? 8 : 4;
  setup.job.strategy.stage_layers.assign(static_cast<std::size_t>(stages), 8 / stages);
  return setup;
}

IslandJob two_islands(const StepSetup& whole, IslandMode mode) {
  IslandJob job;
  job.mode = mode;
  job.links = {{0, 1, no_limit, Seconds{0}}};
  for (const char* name : {"east", "west"}) {
    IslandPart part{name, whole};
    part.setup.cluster.gpus /= 2;
    ParallelStrategy& s = part.setup.job.strategy;
    if (mode == IslandMode::pipeline) {
      s.pp /= 2;
    } else {
      s.dp /= 2;
      s.global_batch /= 2;
    }
    job.parts.push_back(part);
  }
  return job;
}

class IslandPipeline : public ::testing::TestWithParam<const char*> {};

TEST_P(IslandPipeline, OfEqualIslandsIsThatOfOneCluster) {
  const StepSetup whole = one_cluster(GetParam());
  const IslandJob job = two_islands(whole, IslandMode::pipeline);
  const AnalyticEstimator analytic;
  const SimulatedEstimator simulated;
  for (const Estimator* estimator :
       {static_cast<const Estimator*>(&analytic), static_cast<const Estimator*>(&simulated)}) {
    const StepEstimate expected = estimate_step(whole, *estimator);
    const IslandEstimate islands = estimate_islands(job, *estimator);
    EXPECT_NEAR(islands.step.time / expected.time, 1.0, 1e-9) << estimator->name();
    ASSERT_EQ(islands.step.ranks.size(), expected.ranks.size());
    for (std::size_t rank = 0; rank < expected.ranks.size(); ++rank) {
      // Where flows contend, one through two NICs and one through each share a little differently.
      const double allowed = estimator == &analytic ? 1e-9 : 1e-3;
      const Seconds apart = islands.step.ranks[rank].bubble - expected.ranks[rank].bubble;
      EXPECT_NEAR(apart / expected.time, 0.0, allowed) << estimator->name();
      EXPECT_EQ(islands.step.memory[rank].peak(), expected.memory[rank].peak());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Schedules, IslandPipeline,
                         ::testing::Values("1f1b", "zb-h1", "zb-v", "dualpipe-v"),
                         [](const auto& schedule) {
                           std::string name = schedule.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

// Passes are those of one cluster; gradients are reduced in each island first, by fewer members.
TEST(IslandReplicas, OfEqualIslandsPassAsOneCluster) {
  const StepSetup whole = one_cluster("1f1b");
  const StepEstimate expected = estimate_step(whole, AnalyticEstimator());
  const IslandEstimate islands =
      estimate_islands(two_islands(whole, IslandMode::replicas), AnalyticEstimator());
  const auto passes = [](const RankTime& r) {
    return r.parts.forward + r.parts.backward + r.parts.weight_gradient;
  };
  for (std::size_t rank = 0; rank < islands.step.ranks.size(); ++rank) {
    EXPECT_NEAR(passes(islands.step.ranks[rank]) / passes(expected.ranks[rank % 4]), 1.0, 1e-9);
  }
  EXPECT_NEAR(islands.step.time / expected.time, 1.0, 0.05);
}

TEST(IslandReplicas, TakeAsLongInBothEngines) {
  IslandJob job = two_islands(one_cluster("1f1b"), IslandMode::replicas);
  job.links.front() = {0, 1, BytesPerSecond{1e10}, Seconds{1e-3}};
  const IslandEstimate analytic = estimate_islands(job, AnalyticEstimator());
  const IslandEstimate simulated = estimate_islands(job, SimulatedEstimator());
  EXPECT_NEAR(simulated.step.time / analytic.step.time, 1.0, 1e-6);
}

// The exchange takes what the link needs for the gradients of the whole model, once each way.
TEST(IslandReplicas, WaitForTheLinkBetweenThem) {
  IslandJob job = two_islands(one_cluster("1f1b"), IslandMode::replicas);
  const IslandEstimate fast = estimate_islands(job, AnalyticEstimator());
  job.links.front().bandwidth = BytesPerSecond{1e9};
  const IslandEstimate slow = estimate_islands(job, AnalyticEstimator());
  const auto carried = [](const IslandEstimate& e, const std::string& link) {
    const auto at = std::ranges::find(e.step.links, link, &LinkUsage::name);
    return at == e.step.links.end() ? Bytes{} : at->bytes;
  };
  const Bytes gradients = carried(slow, "east to west");
  EXPECT_GT(gradients, Bytes{0});
  EXPECT_EQ(gradients, carried(slow, "west to east"));
  EXPECT_NEAR((slow.step.time - fast.step.time) / (gradients / BytesPerSecond{1e9}), 1.0, 0.1);
}

// A slower half with as many layers sets the pace, and the faster one idles for it.
TEST(IslandPipeline, OfUnlikeIslandsWaitsForTheSlower) {
  IslandJob job = two_islands(one_cluster("1f1b"), IslandMode::pipeline);
  const Seconds alike = estimate_islands(job, AnalyticEstimator()).step.time;
  StepSetup& slow = job.parts[1].setup;
  slow.cluster = testing::cluster_of("A100-SXM-80", 32);
  slow.cluster.topology = "single-switch";
  slow.cluster.switch_ports = 1024;
  slow.job.precision = testing::dense_setup("A100-SXM-80", 8).job.precision;
  const IslandEstimate unlike = estimate_islands(job, AnalyticEstimator());
  EXPECT_GT(unlike.step.time, alike * 1.5);
  EXPECT_GT(unlike.islands[0].idle, unlike.islands[1].idle + 0.1);
  for (const IslandUse& island : unlike.islands) {
    EXPECT_GE(island.idle, 0.0);
    EXPECT_LE(island.idle, 1.0);
    EXPECT_EQ(std::accumulate(island.stage_layers.begin(), island.stage_layers.end(), 0), 4);
  }
}

// Every byte between the islands is an activation or its gradient, once for each micro-batch.
TEST(IslandPipeline, SendsEachBoundaryOnce) {
  const StepSetup whole = one_cluster("1f1b");
  const IslandEstimate e =
      estimate_islands(two_islands(whole, IslandMode::pipeline), SimulatedEstimator());
  const ParallelStrategy& s = whole.job.strategy;
  const double expected =
      static_cast<double>(s.global_batch) * whole.job.sequence_length * whole.job.model.hidden * 2;
  for (const char* link : {"east to west", "west to east"}) {
    const auto at = std::ranges::find(e.step.links, link, &LinkUsage::name);
    ASSERT_NE(at, e.step.links.end());
    EXPECT_NEAR(at->bytes.si() / expected, 1.0, 1e-9) << link;
  }
}

}  // namespace
}  // namespace fleetwright
