#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "profiles/gpu/reference/permute.hpp"

namespace fleetwright::gpu::reference {
namespace {

Matrix random_matrix(std::size_t rows, std::size_t columns, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal;
  Matrix m(rows, columns);
  for (double& x : m.at) x = normal(engine);
  return m;
}

// Three tokens of two choices among three experts; one choice is served elsewhere.
const std::vector<int> ids{2, 0, /**/ 0, -1, /**/ 1, 0};

TEST(PermuteReference, RowsLieByExpertThenToken) {
  const ExpertRows map = map_experts(ids, 2, 3);
  EXPECT_EQ(map.sources, (std::vector<int>{0, 1, 2, 2, 0}));
  EXPECT_EQ(map.rows_of, (std::vector<int>{4, 0, 1, -1, 3, 2}));
}

TEST(PermuteReference, IdsBeyondTheExpertsAreNotServed) {
  const ExpertRows map = map_experts({1, 7, 0}, 1, 2);
  EXPECT_EQ(map.sources, (std::vector<int>{2, 0}));
  EXPECT_EQ(map.rows_of, (std::vector<int>{1, -1, 0}));
}

TEST(PermuteReference, UnpermuteWithSharesThatSumToOneInvertsPermute) {
  const ExpertRows map = map_experts(ids, 2, 3);
  const Matrix tokens = random_matrix(3, 5, 1);
  const Matrix rows = permute(tokens, map.sources);
  EXPECT_EQ(rows.rows, 5U);
  Matrix shares(3, 2);
  shares.at = {0.25, 0.75, 1.0, 1000.0, 0.5, 0.5};  // 1000: of no row
  const Matrix back = unpermute(rows, map.rows_of, shares);
  for (std::size_t i = 0; i < tokens.at.size(); ++i) {
    EXPECT_NEAR(back.at[i], tokens.at[i], 1e-15);
  }
}

TEST(PermuteReference, UnpermuteWithoutWeightsIsTheTransposeOfPermute) {
  const ExpertRows map = map_experts(ids, 2, 3);
  Matrix ones(3, 2);
  ones.at.assign(6, 1.0);
  const Matrix tokens = random_matrix(3, 4, 2), rows = random_matrix(5, 4, 3);
  const Matrix there = permute(tokens, map.sources);
  const Matrix back = unpermute(rows, map.rows_of, ones);
  EXPECT_NEAR(std::inner_product(there.at.begin(), there.at.end(), rows.at.begin(), 0.0),
              std::inner_product(back.at.begin(), back.at.end(), tokens.at.begin(), 0.0), 1e-12);
}

TEST(PermuteReference, GradientIsThatOfTheWeightedSum) {
  const ExpertRows map = map_experts(ids, 2, 3);
  Matrix rows = random_matrix(5, 4, 4), weights = random_matrix(3, 2, 5);
  const Matrix outward = random_matrix(3, 4, 6);
  const UnpermuteGradients gradients = unpermute_gradient(outward, rows, map.rows_of, weights);
  const auto loss = [&] {
    const Matrix sum = unpermute(rows, map.rows_of, weights);
    return std::inner_product(sum.at.begin(), sum.at.end(), outward.at.begin(), 0.0);
  };
  const auto expect_differences = [&](Matrix& operand, const Matrix& gradient) {
    for (std::size_t i = 0; i < operand.at.size(); ++i) {
      constexpr double step = 1e-4;
      const double x = operand.at[i];
      operand.at[i] = x + step;
      const double above = loss();
      operand.at[i] = x - step;
      const double below = loss();
      operand.at[i] = x;
      EXPECT_NEAR(gradient.at[i], (above - below) / (2 * step), 1e-9) << i;
    }
  };
  expect_differences(rows, gradients.rows);
  expect_differences(weights, gradients.weights);
  EXPECT_EQ(gradients.weights(1, 1), 0.0);
}

}  // namespace
}  // namespace fleetwright::gpu::reference
