#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "profiles/gpu/reference/cross_entropy.hpp"

namespace fleetwright::gpu::reference {
namespace {

TEST(CrossEntropyReference, EqualLogitsLoseTheLogarithmOfTheVocabulary) {
  Matrix logits(2, 129280);
  for (std::size_t v = 0; v < logits.columns; ++v) logits(1, v) = 7.5;
  const CrossEntropy result = cross_entropy(logits, {0, 129279});
  EXPECT_NEAR(result.losses[0], std::log(129280.0), 1e-10);
  EXPECT_NEAR(result.losses[1], std::log(129280.0), 1e-10);
  EXPECT_NEAR(result.log_sums[1], std::log(129280.0) + 7.5, 1e-10);
}

// exp of the logits is 1, 2 and 5.
TEST(CrossEntropyReference, ByHand) {
  Matrix logits(1, 3);
  logits.at = {0, std::log(2.0), std::log(5.0)};
  EXPECT_NEAR(cross_entropy(logits, {1}).losses[0], std::log(4.0), 1e-15);
  const Matrix gradient = cross_entropy_gradient(logits, {1}, {2.0});
  EXPECT_NEAR(gradient(0, 0), 0.25, 1e-15);
  EXPECT_NEAR(gradient(0, 1), 2 * (0.25 - 1), 1e-15);
  EXPECT_NEAR(gradient(0, 2), 1.25, 1e-15);
}

TEST(CrossEntropyReference, LargeAndInfiniteLogitsGiveNumbers) {
  Matrix logits(1, 3);
  logits.at = {1000, 1000, -std::numeric_limits<double>::infinity()};
  EXPECT_NEAR(cross_entropy(logits, {0}).losses[0], std::log(2.0), 1e-12);
  EXPECT_EQ(cross_entropy_gradient(logits, {0}, {1.0})(0, 2), 0.0);
}

TEST(CrossEntropyReference, TokensWithoutTargetHaveNoLossAndNoGradient) {
  Matrix logits(2, 4);
  logits.at = {1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(cross_entropy(logits, {-1, 2}).losses[0], 0.0);
  EXPECT_GT(cross_entropy(logits, {-1, 2}).losses[1], 0.0);
  const Matrix gradient = cross_entropy_gradient(logits, {-1, 2}, {1.0, 1.0});
  for (std::size_t v = 0; v < 4; ++v) EXPECT_EQ(gradient(0, v), 0.0);
}

TEST(CrossEntropyReference, GradientIsThatOfTheLoss) {
  std::mt19937_64 engine(1);
  std::normal_distribution<double> normal(0, 3);
  Matrix logits(3, 11);
  for (double& x : logits.at) x = normal(engine);
  const std::vector<int> targets{0, 10, 4};
  const std::vector<double> outward{1.0, -0.5, 2.0};
  const Matrix gradient = cross_entropy_gradient(logits, targets, outward);
  const auto loss = [&] {
    const CrossEntropy result = cross_entropy(logits, targets);
    return outward[0] * result.losses[0] + outward[1] * result.losses[1] +
           outward[2] * result.losses[2];
  };
  for (std::size_t t = 0; t < logits.rows; ++t) {
    double sum = 0;
    for (std::size_t v = 0; v < logits.columns; ++v) {
      constexpr double step = 1e-5;
      const double x = logits(t, v);
      logits(t, v) = x + step;
      const double above = loss();
      logits(t, v) = x - step;
      const double below = loss();
      logits(t, v) = x;
      EXPECT_NEAR(gradient(t, v), (above - below) / (2 * step), 1e-8) << t << ' ' << v;
      sum += gradient(t, v);
    }
    EXPECT_NEAR(sum, 0, 1e-14);  // a shift of all logits changes nothing
  }
}

}  // namespace
}  // namespace fleetwright::gpu::reference
