#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "profiles/gpu/reference/activation.hpp"

namespace fleetwright::gpu::reference {
namespace {

Matrix random_matrix(std::size_t rows, std::size_t columns, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal(0.0, 2.0);
  Matrix m(rows, columns);
  for (double& x : m.at) x = normal(engine);
  return m;
}

TEST(ActivationReference, HasTheKnownValuesOfSilu) {
  EXPECT_DOUBLE_EQ(silu(0), 0);
  EXPECT_NEAR(silu(1), 0.7310585786300049, 1e-15);
  EXPECT_NEAR(silu(-1.2784645427610738), -0.2784645427610738, 1e-15);  // its minimum
  EXPECT_NEAR(silu_derivative(-1.2784645427610738), 0, 1e-15);
  EXPECT_DOUBLE_EQ(silu_derivative(0), 0.5);
  EXPECT_DOUBLE_EQ(silu(40), 40);
}

TEST(ActivationReference, HasTheKnownValuesOfGelu) {
  EXPECT_DOUBLE_EQ(gelu(0), 0);
  EXPECT_DOUBLE_EQ(gelu_derivative(0), 0.5);
  // By the formula with tanh: sqrt(2/pi) 1.044715 = 0.8335682..., whose tanh is 0.6824768...
  EXPECT_NEAR(gelu(1), 0.5 * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0)) * 1.044715)), 1e-15);
  for (double x = -5; x <= 5; x += 0.25) {
    const double exact = x / 2 * std::erfc(-x / std::sqrt(2.0));
    EXPECT_NEAR(gelu(x), exact, 5e-4);  // what the approximation costs
    EXPECT_NEAR(gelu(x) - gelu(-x), x, 1e-14);
  }
}

TEST(ActivationReference, KeepsItsDigitsFarBelowZero) {
  EXPECT_GT(gelu(-8), -1e-19);
  EXPECT_LT(gelu(-8), -1e-22);
  EXPECT_NEAR(silu(-60) / (-60 * std::exp(-60.0)), 1, 1e-14);
}

TEST(ActivationReference, ReadsGatesFromTheLeftHalfAndUpsFromTheRight) {
  Matrix x(2, 4);
  x.at = {1, -2, 3, 5, 0, 40, 7, 0.5};
  const Matrix y = swiglu_forward(x);
  EXPECT_EQ(y.columns, 2U);
  EXPECT_DOUBLE_EQ(y(0, 0), silu(1) * 3);
  EXPECT_DOUBLE_EQ(y(0, 1), silu(-2) * 5);
  EXPECT_DOUBLE_EQ(y(1, 0), 0);
  EXPECT_DOUBLE_EQ(y(1, 1), 20);
}

// Of sum(dy * y) by each input.
Matrix central_differences(Matrix x, const Matrix& dy, Matrix (*forward)(const Matrix&)) {
  const double step = 1e-5;
  const auto loss = [&] {
    const Matrix y = forward(x);
    double sum = 0;
    for (std::size_t i = 0; i < y.at.size(); ++i) sum += y.at[i] * dy.at[i];
    return sum;
  };
  Matrix dx(x.rows, x.columns);
  for (std::size_t i = 0; i < x.at.size(); ++i) {
    const double at = x.at[i];
    x.at[i] = at + step;
    const double above = loss();
    x.at[i] = at - step;
    dx.at[i] = (above - loss()) / (2 * step);
    x.at[i] = at;
  }
  return dx;
}

void expect_near(const Matrix& got, const Matrix& expected) {
  ASSERT_EQ(got.at.size(), expected.at.size());
  for (std::size_t i = 0; i < got.at.size(); ++i) EXPECT_NEAR(got.at[i], expected.at[i], 1e-8);
}

TEST(ActivationReference, DifferentiatesSwiglu) {
  const Matrix x = random_matrix(3, 20, 1), dy = random_matrix(3, 10, 2);
  expect_near(swiglu_backward(x, dy), central_differences(x, dy, swiglu_forward));
}

TEST(ActivationReference, DifferentiatesGelu) {
  const Matrix x = random_matrix(3, 20, 3), dy = random_matrix(3, 20, 4);
  expect_near(gelu_backward(x, dy), central_differences(x, dy, gelu_forward));
}

}  // namespace
}  // namespace fleetwright::gpu::reference
