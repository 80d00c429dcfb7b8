#include <gtest/gtest.h>

#include <cmath>

#include "profiles/gpu/reference/rmsnorm.hpp"

namespace fleetwright::gpu::reference {
namespace {

TEST(RmsnormReference, DividesEachRowByItsRootMeanSquare) {
  Matrix x(2, 2);
  x.at = {3, 4, 0, -2};  // root mean squares sqrt(12.5) and sqrt(2)
  const Normalized n = rmsnorm(x, {1, 10}, 0);
  EXPECT_NEAR(n.inverse_rms[0], 1 / std::sqrt(12.5), 1e-15);
  EXPECT_NEAR(n.inverse_rms[1], 1 / std::sqrt(2.0), 1e-15);
  EXPECT_NEAR(n.y(0, 0), 3 / std::sqrt(12.5), 1e-15);
  EXPECT_NEAR(n.y(0, 1), 40 / std::sqrt(12.5), 1e-14);
  EXPECT_EQ(n.y(1, 0), 0);
  EXPECT_NEAR(n.y(1, 1), -20 / std::sqrt(2.0), 1e-14);
}

TEST(RmsnormReference, EpsilonKeepsARowOfZerosFinite) {
  const Normalized n = rmsnorm(Matrix(1, 4), {1, 1, 1, 1}, 1e-6);
  EXPECT_NEAR(n.inverse_rms[0], 1e3, 1e-9);
  EXPECT_EQ(n.y(0, 3), 0);
}

// The scalar whose gradient is checked: the sum of weights * y.
double weighted(const Matrix& weights, const Matrix& x, const std::vector<double>& gain) {
  const Normalized n = rmsnorm(x, gain, 1e-2);
  double sum = 0;
  for (std::size_t i = 0; i < weights.at.size(); ++i) sum += weights.at[i] * n.y.at[i];
  return sum;
}

TEST(RmsnormReference, GradientsEqualCentralDifferences) {
  Matrix x(3, 5), weights(3, 5);
  std::vector<double> gain(5);
  for (std::size_t i = 0; i < 15; ++i) {
    x.at[i] = std::sin(1.7 * static_cast<double>(i) + 0.3);
    weights.at[i] = std::cos(2.3 * static_cast<double>(i));
  }
  for (std::size_t c = 0; c < 5; ++c) gain[c] = 0.5 + 0.3 * static_cast<double>(c);
  const RmsnormGradients g =
      rmsnorm_gradients(weights, x, rmsnorm(x, gain, 1e-2).inverse_rms, gain);
  constexpr double step = 1e-5;
  for (std::size_t i = 0; i < x.at.size(); ++i) {
    Matrix more = x, less = x;
    more.at[i] += step;
    less.at[i] -= step;
    const double slope =
        (weighted(weights, more, gain) - weighted(weights, less, gain)) / (2 * step);
    EXPECT_NEAR(g.x.at[i], slope, 1e-8) << i;
  }
  for (std::size_t c = 0; c < gain.size(); ++c) {
    std::vector<double> more = gain, less = gain;
    more[c] += step;
    less[c] -= step;
    const double slope = (weighted(weights, x, more) - weighted(weights, x, less)) / (2 * step);
    EXPECT_NEAR(g.gain[c], slope, 1e-8) << c;
  }
}

}  // namespace
}  // namespace fleetwright::gpu::reference
