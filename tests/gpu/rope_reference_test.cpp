#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "profiles/gpu/reference/rope.hpp"

namespace fleetwright::gpu::reference {
namespace {

TEST(RopeReference, AnglesGrowWithThePositionAndFallWithThePair) {
  const Matrix angles = rotary_angles(3, 8, 10000.0);  // 10000^(-2/8) = 0.1
  const std::vector<double> expected = {0, 0, 0, 0, 1, 0.1, 0.01, 0.001, 2, 0.2, 0.02, 0.002};
  ASSERT_EQ(angles.at.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(angles.at[i], expected[i], 1e-15);
}

TEST(RopeReference, AQuarterTurnMovesTheFirstHalfIntoTheSecond) {
  Matrix x(1, 8), angles(1, 2);  // two heads of width 4
  x.at = {1, 2, 3, 4, 5, 6, 7, 8};
  angles.at = {std::numbers::pi / 2, 0};
  const Matrix y = rotate(x, angles);
  const std::vector<double> expected = {-3, 2, 1, 4, -7, 6, 5, 8};
  for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(y.at[i], expected[i], 1e-14) << i;
}

Matrix wave(std::size_t rows, std::size_t columns, double frequency) {
  Matrix m(rows, columns);
  for (std::size_t i = 0; i < m.at.size(); ++i) {
    m.at[i] = std::sin(frequency * static_cast<double>(i) + 0.1);
  }
  return m;
}

double dot(const Matrix& a, std::size_t row_a, const Matrix& b, std::size_t row_b) {
  double sum = 0;
  for (std::size_t c = 0; c < a.columns; ++c) sum += a(row_a, c) * b(row_b, c);
  return sum;
}

TEST(RopeReference, BackUndoesTheRotation) {
  const Matrix x = wave(5, 16, 1.3), angles = rotary_angles(5, 8);
  const Matrix again = rotate(rotate(x, angles), angles, true);
  for (std::size_t i = 0; i < x.at.size(); ++i) EXPECT_NEAR(again.at[i], x.at[i], 1e-14);
}

// <rotate(x), g> = <x, rotate back(g)>: the rotation is linear, so its transpose is its gradient.
TEST(RopeReference, BackIsTheTranspose) {
  const Matrix x = wave(4, 24, 0.7), g = wave(4, 24, 2.9), angles = rotary_angles(4, 8);
  const Matrix y = rotate(x, angles), back = rotate(g, angles, true);
  for (std::size_t t = 0; t < 4; ++t) EXPECT_NEAR(dot(y, t, g, t), dot(x, t, back, t), 1e-12);
}

// What the embedding is for (arXiv 2104.09864, equation 16): a score depends on the distance alone.
TEST(RopeReference, ScoresDependOnTheDistanceOfTwoTokens) {
  Matrix query(9, 8), key(9, 8);
  for (std::size_t t = 0; t < 9; ++t) {
    for (std::size_t c = 0; c < 8; ++c) {
      query(t, c) = std::sin(1.1 * static_cast<double>(c) + 0.4);
      key(t, c) = std::cos(0.6 * static_cast<double>(c));
    }
  }
  const Matrix angles = rotary_angles(9, 8);
  const Matrix q = rotate(query, angles), k = rotate(key, angles);
  for (std::size_t t = 3; t < 9; ++t) EXPECT_NEAR(dot(q, t, k, t - 3), dot(q, 3, k, 0), 1e-13);
}

}  // namespace
}  // namespace fleetwright::gpu::reference
