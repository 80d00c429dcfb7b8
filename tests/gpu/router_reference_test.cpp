#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>
#include <set>

#include "profiles/gpu/reference/router.hpp"

namespace fleetwright::gpu::reference {
namespace {

Matrix random_matrix(std::size_t rows, std::size_t columns, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal;
  Matrix m(rows, columns);
  for (double& x : m.at) x = normal(engine);
  return m;
}

Matrix row(const std::vector<double>& values) {
  Matrix m(1, values.size());
  m.at = values;
  return m;
}

Gate ungrouped(int experts, int active) {
  Gate gate;
  gate.experts = experts;
  gate.active = active;
  return gate;
}

// Sections 2.1.2 and 4.2 of the DeepSeek-V3 report; 8 groups, as its experts lie on 8 nodes.
Gate deepseek_v3() { return {256, 8, 8, 4, 2.5F, GateScore::sigmoid}; }

TEST(RouterReference, ScoresAreSigmoidOrSoftmax) {
  const Matrix logits = row({0, std::log(3.0)});
  EXPECT_NEAR(gate_scores(logits, GateScore::sigmoid)(0, 0), 0.5, 1e-15);
  EXPECT_NEAR(gate_scores(logits, GateScore::sigmoid)(0, 1), 0.75, 1e-15);
  EXPECT_NEAR(gate_scores(logits, GateScore::softmax)(0, 0), 0.25, 1e-15);
  EXPECT_NEAR(gate_scores(logits, GateScore::softmax)(0, 1), 0.75, 1e-15);
}

TEST(RouterReference, OfEqualScoresTheLowerIndexIsChosen) {
  const std::vector<int> chosen =
      choose_experts(row({0.5, 0.25, 0.5, 0.75, 0.25, 0.5}), {}, ungrouped(6, 3));
  EXPECT_EQ(chosen, (std::vector<int>{3, 0, 2}));
}

// The best expert is alone in its group: two groups of two good ones beat it.
TEST(RouterReference, GroupsAreJudgedByTheirTwoBest) {
  const Matrix scores = row({0.9, 0.1, /**/ 0.6, 0.5, /**/ 0.3, 0.2, /**/ 0.7, 0.6});
  Gate gate = ungrouped(8, 3);
  gate.groups = 4;
  gate.kept_groups = 2;
  EXPECT_EQ(choose_experts(scores, {}, gate), (std::vector<int>{6, 2, 7}));
  gate.kept_groups = 3;
  EXPECT_EQ(choose_experts(scores, {}, gate), (std::vector<int>{0, 6, 2}));
}

TEST(RouterReference, BiasDecidesTheChoiceButNotTheWeights) {
  const Matrix scores = row({0.8, 0.4, 0.2});
  Gate gate = ungrouped(3, 2);
  gate.scale = 3;
  const std::vector<int> chosen = choose_experts(scores, {-1, 0, 1}, gate);
  EXPECT_EQ(chosen, (std::vector<int>{2, 1}));
  EXPECT_NEAR(gate_weights(scores, chosen, gate)(0, 0), 1.0, 1e-15);
  EXPECT_NEAR(gate_weights(scores, chosen, gate)(0, 1), 2.0, 1e-15);
}

TEST(RouterReference, TokensReachNoMoreGroupsThanAreKept) {
  const Gate gate = deepseek_v3();
  const Matrix scores = gate_scores(random_matrix(50, 256, 1), gate.score);
  const std::vector<int> ids = choose_experts(scores, random_matrix(1, 256, 2).at, gate);
  const Matrix weights = gate_weights(scores, ids, gate);
  for (std::size_t t = 0; t < 50; ++t) {
    std::set<int> groups, experts;
    double sum = 0;
    for (std::size_t j = 0; j < 8; ++j) {
      experts.insert(ids[t * 8 + j]);
      groups.insert(ids[t * 8 + j] / 32);
      sum += weights(t, j);
    }
    EXPECT_EQ(experts.size(), 8U);
    EXPECT_LE(groups.size(), 4U);
    EXPECT_NEAR(sum, 2.5, 1e-12);
  }
  const std::vector<int> counts = expert_counts(ids, 256);
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0), 50 * 8);
  EXPECT_EQ(counts[static_cast<std::size_t>(ids[0])], std::count(ids.begin(), ids.end(), ids[0]));
}

class GateGradient : public ::testing::TestWithParam<GateScore> {};

TEST_P(GateGradient, IsThatOfTheWeights) {
  Gate gate = ungrouped(12, 4);
  gate.scale = 2.5F;
  gate.score = GetParam();
  Matrix logits = random_matrix(3, 12, 3);
  const Matrix weight_gradients = random_matrix(3, 4, 4);
  const Matrix scores = gate_scores(logits, gate.score);
  const std::vector<int> ids = choose_experts(scores, {}, gate);
  const Matrix gradient = gate_gradient(scores, ids, weight_gradients, gate);
  const auto loss = [&] {
    const Matrix weights = gate_weights(gate_scores(logits, gate.score), ids, gate);
    return std::inner_product(weights.at.begin(), weights.at.end(), weight_gradients.at.begin(),
                              0.0);
  };
  for (std::size_t i = 0; i < logits.at.size(); ++i) {
    constexpr double step = 1e-5;
    const double x = logits.at[i];
    logits.at[i] = x + step;
    const double above = loss();
    logits.at[i] = x - step;
    const double below = loss();
    logits.at[i] = x;
    EXPECT_NEAR(gradient.at[i], (above - below) / (2 * step), 1e-8) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Scores, GateGradient,
                         ::testing::Values(GateScore::sigmoid, GateScore::softmax));

}  // namespace
}  // namespace fleetwright::gpu::reference
