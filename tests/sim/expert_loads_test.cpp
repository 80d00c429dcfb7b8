#include "sim/expert_loads.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace fleetwright {
namespace {

/// 16 experts on 8 GPUs in two nodes.
constexpr ExpertPlaces places{16, 8, 1, 8, 4};

ExpertSkew skew_of(ExpertSkew::Kind kind, double value) {
  ExpertSkew skew;
  skew.kind = kind;
  skew.deviation = skew.exponent = value;
  return skew;
}

double mean_of_nodes(const ExpertLoad& load) {
  return std::accumulate(load.nodes.begin(), load.nodes.end(), 0.0) /
         static_cast<double>(load.nodes.size());
}

TEST(ExpertLoads, AreEvenWithoutSkew) {
  const ExpertLoads loads({}, 1, places);
  EXPECT_TRUE(loads.are_even());
  EXPECT_EQ(loads.load(3, 5).fullest_gpu, 1.0);
}

TEST(ExpertLoads, HaveAMeanOfOneWhateverTheSkew) {
  for (const ExpertSkew& skew :
       {skew_of(ExpertSkew::Kind::normal, 0.3), skew_of(ExpertSkew::Kind::zipf, 1.0)}) {
    const ExpertLoads loads(skew, 1, places);
    for (int layer = 0; layer < 20; ++layer) {
      const ExpertLoad load = loads.load(layer, 9);
      ASSERT_EQ(load.nodes.size(), 2U);
      EXPECT_NEAR(mean_of_nodes(load), 1.0, 1e-12);
      EXPECT_GE(load.fullest_gpu, load.fullest_node);
      EXPECT_GE(load.fullest_node, 1.0);
    }
  }
}

// The expected largest of 8 normal variables is 1.42 deviations above their mean.
TEST(ExpertLoads, ChangeWithEachDrawByTheDeviation) {
  const ExpertLoads loads(skew_of(ExpertSkew::Kind::normal, 0.05), 1, places);
  ASSERT_TRUE(loads.change());
  double sum = 0;
  constexpr int draws = 5000;
  for (std::uint64_t draw = 0; draw < draws; ++draw) sum += loads.load(0, draw).fullest_gpu;
  EXPECT_NEAR(sum / draws, 1 + 0.05 * 1.42, 3e-3);
}

TEST(ExpertLoads, OfZipfAreTheSameAllThroughALayer) {
  const ExpertLoads loads(skew_of(ExpertSkew::Kind::zipf, 1.0), 1, places);
  EXPECT_FALSE(loads.change());
  EXPECT_EQ(loads.load(4, 1).fullest_gpu, loads.load(4, 2).fullest_gpu);
  EXPECT_NE(loads.load(4, 1).fullest_gpu, loads.load(5, 1).fullest_gpu);
  // The most popular of 16 experts has 1 / H(16) = 29.6 % of the tokens, 2.4 times its GPU's share.
  EXPECT_GT(loads.load(4, 1).fullest_gpu, 16 * 0.295 / 2);
}

TEST(ExpertLoads, OfCountsAreThoseOfTheExpertsOfAGpu) {
  ExpertSkew skew = skew_of(ExpertSkew::Kind::counts, 0);
  skew.tokens = {std::vector<double>(16, 10.0)};
  skew.tokens[0][2] = 50;  // on GPU 1, which then has 60 of 200 tokens
  const ExpertLoad load = ExpertLoads(skew, 1, places).load(0, 0);
  EXPECT_DOUBLE_EQ(load.fullest_gpu, 60.0 / 25.0);
  EXPECT_DOUBLE_EQ(load.nodes[0], 120.0 / 100.0);
  EXPECT_DOUBLE_EQ(load.of(FollowsLoad::of_node, 1), 80.0 / 100.0);
  EXPECT_DOUBLE_EQ(load.of(FollowsLoad::of_fullest_gpu, 1), 60.0 / 25.0);
  EXPECT_DOUBLE_EQ(load.of(FollowsLoad::none, 1), 1.0);
}

}  // namespace
}  // namespace fleetwright
