#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "profiles/gpu/reference/score_softmax.hpp"

namespace fleetwright::gpu::reference {
namespace {

Matrix wave(std::size_t rows, std::size_t columns, double frequency) {
  Matrix m(rows, columns);
  for (std::size_t i = 0; i < m.at.size(); ++i) {
    m.at[i] = 3 * std::sin(frequency * static_cast<double>(i) + 0.2);
  }
  return m;
}

TEST(ScoreSoftmaxReference, TurnsScoresIntoShares) {
  Matrix scores(1, 3);
  scores.at = {std::log(1.0), std::log(2.0), std::log(5.0)};
  const Matrix p = score_softmax(scores, {1, false}, 1.0);
  EXPECT_NEAR(p(0, 0), 0.125, 1e-15);
  EXPECT_NEAR(p(0, 1), 0.25, 1e-15);
  EXPECT_NEAR(p(0, 2), 0.625, 1e-15);
  // Twice the scores: squares of the shares.
  EXPECT_NEAR(score_softmax(scores, {1, false}, 2.0)(0, 2), 25.0 / 30.0, 1e-15);
}

TEST(ScoreSoftmaxReference, RowsSumToOneOverWhatTheySee) {
  // Two heads of three queries, the last ones of five keys.
  const Matrix p = score_softmax(wave(6, 5, 1.9), {3, true}, 0.7);
  for (std::size_t r = 0; r < 6; ++r) {
    const std::size_t seen = 3 + r % 3;
    double sum = 0;
    for (std::size_t c = 0; c < 5; ++c) {
      sum += p(r, c);
      EXPECT_EQ(p(r, c) > 0, c < seen) << r << " " << c;
    }
    EXPECT_NEAR(sum, 1, 1e-14);
  }
}

TEST(ScoreSoftmaxReference, LargeScoresStayFinite) {
  Matrix scores(1, 2);
  scores.at = {5000, 5001};
  EXPECT_NEAR(score_softmax(scores, {1, false}, 1.0)(0, 1), 1 / (1 + std::exp(-1)), 1e-12);
}

TEST(ScoreSoftmaxReference, GradientEqualsCentralDifferences) {
  const Matrix scores = wave(4, 6, 0.9), weights = wave(4, 6, 2.1);
  const ScoreMask mask{4, true};
  constexpr double scale = 0.4, step = 1e-5;
  const auto weighted = [&](const Matrix& s) {
    const Matrix p = score_softmax(s, mask, scale);
    return std::inner_product(p.at.begin(), p.at.end(), weights.at.begin(), 0.0);
  };
  const Matrix g = score_softmax_gradient(score_softmax(scores, mask, scale), weights, scale);
  for (std::size_t i = 0; i < scores.at.size(); ++i) {
    Matrix more = scores, less = scores;
    more.at[i] += step;
    less.at[i] -= step;
    EXPECT_NEAR(g.at[i], (weighted(more) - weighted(less)) / (2 * step), 1e-9) << i;
  }
}

// Known answers of philox4x32 with 10 rounds, from the tests of Random123 (kat_vectors).
TEST(ScoreSoftmaxReference, PhiloxGivesItsKnownAnswers) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}),
            (PhiloxWords{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox4x32({ones, ones, ones, ones}, {ones, ones}),
            (PhiloxWords{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (PhiloxWords{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(ScoreSoftmaxReference, DropoutKeepsWhatTheRateLeaves) {
  const std::vector<std::uint8_t> kept = dropout_keeps(100000, 0.1, 7);
  const double share = std::accumulate(kept.begin(), kept.end(), 0.0) / 100000;
  EXPECT_NEAR(share, 0.9, 0.003);  // three standard deviations of a binomial share
  const std::vector<std::uint8_t> all = dropout_keeps(1000, 0.0, 7);
  EXPECT_EQ(std::accumulate(all.begin(), all.end(), 0), 1000);
  EXPECT_NE(dropout_keeps(1000, 0.1, 8), dropout_keeps(1000, 0.1, 7));
}

TEST(ScoreSoftmaxReference, DropoutScalesWhatItKeeps) {
  EXPECT_EQ(drop({1, 2, 3}, {1, 0, 1}, 0.75), (std::vector<double>{4, 0, 12}));
}

}  // namespace
}  // namespace fleetwright::gpu::reference
