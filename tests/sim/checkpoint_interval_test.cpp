#include "sim/checkpoint_interval.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace fleetwright {
namespace {

// Wall time of work under Daly's complete model (2006, equation 20), up to a constant factor.
double cost_of(double interval, double cost, double between) {
  return std::expm1((interval + cost) / between) / interval;
}

TEST(CheckpointInterval, YoungsIsTheRootOfTwiceCostTimesTimeBetweenFailures) {
  EXPECT_DOUBLE_EQ(young_interval(60_s, 7200_s).si(), std::sqrt(2 * 60.0 * 7200.0));
}

TEST(CheckpointInterval, ExactIsTheMinimumOfTheCompleteModel) {
  for (const double cost : {1.0, 30.0, 600.0, 3600.0, 36000.0}) {
    constexpr double between = 7200;
    const double best = exact_interval(Seconds{cost}, Seconds{between}).si();
    for (const double factor : {0.5, 0.9, 0.99, 1.01, 1.1, 2.0}) {
      EXPECT_GT(cost_of(best * factor, cost, between), cost_of(best, cost, between))
          << cost << " " << factor;
    }
  }
}

TEST(CheckpointInterval, DalysIsAThousandthFromTheExactWhereACheckpointIsCheap) {
  for (const double ratio : {1e-4, 1e-3, 1e-2}) {
    const Seconds between{10'000};
    EXPECT_NEAR(daly_interval(between * ratio, between) / exact_interval(between * ratio, between),
                1, 1e-3)
        << ratio;
  }
}

TEST(CheckpointInterval, YoungsIsNotWhereACheckpointTakesATenthOfTheTime) {
  const Seconds between{10'000};
  const Seconds cost = between * 0.1;
  const double exact = exact_interval(cost, between).si();
  EXPECT_GT(young_interval(cost, between).si() / exact, 1.15);
  EXPECT_NEAR(daly_interval(cost, between).si() / exact, 1, 0.01);
}

TEST(CheckpointInterval, DalysStopsAtTheTimeBetweenFailures) {
  EXPECT_EQ(daly_interval(500_s, 200_s), 200_s);
  // Where the expansion ends, the exact one does not exceed it either.
  EXPECT_LT(exact_interval(500_s, 200_s), 200_s);
}

}  // namespace
}  // namespace fleetwright
