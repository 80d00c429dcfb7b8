#include "sim/kernel_speeds.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace fleetwright {
namespace {

/// Two columns of `width` GPUs in each of two stages.
KernelSpeeds speeds_of(const Variation& variation, int width) {
  const ColumnLayout layout{width, 2, 2 * width};
  return KernelSpeeds(variation, layout, {{0, {0}}, {1, {1}}}, 2, 4);
}

double mean_of(const KernelSpeeds& speeds, std::size_t part, int rank) {
  constexpr int draws = 20'000;
  double sum = 0;
  for (std::uint64_t draw = 0; draw < draws; ++draw) sum += speeds.factor(part, rank, draw);
  return sum / draws;
}

TEST(KernelSpeeds, AreAllOneWithoutVariation) {
  const KernelSpeeds speeds = speeds_of({}, 8);
  for (std::uint64_t draw = 0; draw < 10; ++draw) EXPECT_EQ(speeds.factor(1, 1, draw), 1.0);
}

TEST(KernelSpeeds, SlowTheColumnAndStageOfASlowNode) {
  Variation v;
  v.slow_nodes = {{3, 1.5}};  // GPUs 12 to 15: the second column of the first stage
  const KernelSpeeds speeds = speeds_of(v, 8);
  EXPECT_EQ(speeds.factor(0, 0, 1), 1.0);
  EXPECT_EQ(speeds.factor(1, 0, 1), 1.5);
  EXPECT_EQ(speeds.factor(1, 1, 1), 1.0);
}

// The expected largest of n standard normal variables: 0 for 1, 1.4236 for 8 (Harter 1961).
TEST(KernelSpeeds, TakeTheSlowestOfTheGpusOfAStretch) {
  Variation v;
  v.kernel_jitter = 0.01;
  EXPECT_NEAR(mean_of(speeds_of(v, 1), 0, 0), 1.0, 3e-4);
  EXPECT_NEAR(mean_of(speeds_of(v, 8), 0, 0), 1 + 0.01 * 1.4236, 3e-4);
}

// With one GPU of eight slower by hardly anything, all are drawn one by one.
TEST(KernelSpeeds, DrawGpuByGpuAsTheyDrawTheLargest) {
  Variation v;
  v.kernel_jitter = 0.01;
  v.slow_nodes = {{0, 1 + 1e-9}};
  EXPECT_NEAR(mean_of(speeds_of(v, 8), 0, 0), 1 + 0.01 * 1.4236, 3e-4);
}

TEST(KernelSpeeds, SpreadTheClocksOfGpusForGood) {
  Variation v;
  v.clock_spread = 0.02;
  const KernelSpeeds speeds = speeds_of(v, 64);
  EXPECT_GT(speeds.factor(0, 0, 1), 1.02);  // the expected largest of 64 is 2.4 deviations
  EXPECT_LT(speeds.factor(0, 0, 1), 1.10);
  EXPECT_EQ(speeds.factor(0, 0, 1), speeds.factor(0, 0, 2));
  EXPECT_NE(speeds.factor(0, 0, 1), speeds.factor(1, 0, 1));
}

TEST(KernelSpeeds, FollowTheSeedAlone) {
  Variation v;
  v.kernel_jitter = 0.02;
  v.clock_spread = 0.02;
  EXPECT_EQ(speeds_of(v, 8).factor(1, 1, 7), speeds_of(v, 8).factor(1, 1, 7));
  Variation other = v;
  other.seed = 2;
  EXPECT_NE(speeds_of(v, 8).factor(1, 1, 7), speeds_of(other, 8).factor(1, 1, 7));
}

}  // namespace
}  // namespace fleetwright
