#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "profiles/gpu/run/statistics.hpp"

namespace fleetwright::gpu {
namespace {

TEST(Statistics, PercentilesInterpolateBetweenRanks) {
  const std::vector<double> values{50, 10, 30, 20, 40, 60, 70, 80, 90, 100, 110};
  const Summary s = summarize(values);
  EXPECT_EQ(s.count, 11);
  EXPECT_DOUBLE_EQ(s.median, 60);
  EXPECT_DOUBLE_EQ(s.p10, 20);
  EXPECT_DOUBLE_EQ(s.p90, 100);
  EXPECT_DOUBLE_EQ(summarize(std::vector<double>{1, 2}).median, 1.5);
}

TEST(Statistics, TheIntervalOfTheMedianIsThatOfTheTables) {
  // Nonparametric 95 % intervals: of 11 values ranks 2 and 10, of 20 ranks 6 and 15, of 6 the ends.
  std::vector<double> values(11);
  std::iota(values.begin(), values.end(), 1);
  EXPECT_DOUBLE_EQ(summarize(values).relative_error, (10.0 - 2.0) / 2 / 6);
  values.resize(20);
  std::iota(values.begin(), values.end(), 1);
  EXPECT_DOUBLE_EQ(summarize(values).relative_error, (15.0 - 6.0) / 2 / 10.5);
  values.resize(6);
  EXPECT_DOUBLE_EQ(summarize(values).relative_error, (6.0 - 1.0) / 2 / 3.5);
}

TEST(Statistics, OfTooFewValuesTheErrorIsUnknown) {
  EXPECT_TRUE(std::isinf(summarize(std::vector<double>{}).relative_error));
  EXPECT_TRUE(std::isinf(summarize(std::vector<double>{1, 1, 1, 1, 1}).relative_error));
  EXPECT_EQ(summarize(std::vector<double>(6, 3.0)).relative_error, 0);
}

TEST(Statistics, TheIntervalHoldsTheMedianNineteenTimesInTwenty) {
  std::mt19937_64 engine(7);
  std::exponential_distribution<double> skewed(1.0);
  const double truth = std::log(2.0);
  int held = 0;
  constexpr int rounds = 2000;
  for (int round = 0; round < rounds; ++round) {
    std::vector<double> values(25);
    for (double& v : values) v = skewed(engine);
    std::vector<double> sorted = values;
    std::ranges::sort(sorted);
    if (sorted[7] <= truth && truth <= sorted[17]) ++held;
    const double half_width = (sorted[17] - sorted[7]) / 2 / summarize(values).median;
    ASSERT_DOUBLE_EQ(summarize(values).relative_error, half_width);
  }
  EXPECT_GE(held, rounds * 95 / 100);
  EXPECT_LE(held, rounds * 98 / 100);
}

RC_GTEST_PROP(Statistics, OrderAndUnitDoNotMatter, (std::vector<unsigned short> raw)) {
  RC_PRE(!raw.empty());
  std::vector<double> values, scaled;
  for (const unsigned short r : raw) values.push_back(1.0 + r);
  for (const double v : values) scaled.push_back(4 * v);  // a power of two: exact
  std::ranges::reverse(scaled);
  const Summary a = summarize(values), b = summarize(scaled);
  RC_ASSERT(b.median == 4 * a.median);
  RC_ASSERT(b.p10 == 4 * a.p10);
  RC_ASSERT(b.relative_error == a.relative_error);
  RC_ASSERT(a.p10 <= a.median);
  RC_ASSERT(a.median <= a.p90);
}

TEST(Statistics, ManyValuesAreNoTrouble) {
  std::mt19937_64 engine(1);
  std::normal_distribution<double> normal(100, 1);
  std::vector<double> values(5000);
  for (double& v : values) v = normal(engine);
  const Summary s = summarize(values);
  EXPECT_NEAR(s.median, 100, 0.1);
  // 1.96 x 1.253 / sqrt(1000) of a standard deviation, from the thousand that are looked at.
  EXPECT_NEAR(s.relative_error, 0.01 * 1.96 * 1.2533 / std::sqrt(1000.0), 1e-4);
}

}  // namespace
}  // namespace fleetwright::gpu
