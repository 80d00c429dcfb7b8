#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "profiles/gpu/reference/attention.hpp"

namespace fleetwright::gpu::reference {
namespace {

std::vector<double> random(std::size_t size, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  std::vector<double> values(size);
  for (double& v : values) v = normal(engine);
  return values;
}

/// Random operands of a problem.
struct Operands {
  explicit Operands(const AttentionProblem& p)
      : q(random(p.batch * p.queries * p.heads * p.d_qk, 1)),
        k(random(p.batch * p.keys * p.kv_heads * p.d_qk, 2)),
        v(random(p.batch * p.keys * p.kv_heads * p.d_v, 3)),
        d_o(random(p.batch * p.queries * p.heads * p.d_v, 4)) {}

  [[nodiscard]] double objective(const AttentionProblem& p) const {
    const AttentionResult r = attention(p, q, k, v);
    return std::inner_product(r.o.begin(), r.o.end(), d_o.begin(), 0.0);
  }

  std::vector<double> q, k, v, d_o;
};

TEST(AttentionReference, OfTwoTokensIsTheHandComputedMean) {
  AttentionProblem p;
  p.queries = p.keys = 2;
  p.d_qk = p.d_v = 1;
  // The second token's scores are 0 and ln 3: probabilities 1/4 and 3/4.
  const AttentionResult r = attention(p, {5, 1}, {0, std::log(3.0)}, {2, 10});
  EXPECT_DOUBLE_EQ(r.o[0], 2);
  EXPECT_DOUBLE_EQ(r.o[1], 8);
  EXPECT_DOUBLE_EQ(r.log_sum[0], 0);
  EXPECT_DOUBLE_EQ(r.log_sum[1], std::log(4.0));
}

TEST(AttentionReference, ScalesTheScores) {
  AttentionProblem p;
  p.queries = p.keys = 2;
  p.d_qk = p.d_v = 1;
  p.scale = 0.5;
  EXPECT_DOUBLE_EQ(attention(p, {5, 2}, {0, std::log(3.0)}, {2, 10}).o[1], 8);
}

TEST(AttentionReference, SeesNoLaterKey) {
  AttentionProblem p;
  p.queries = p.keys = 5;
  p.d_qk = 3;
  p.d_v = 2;
  Operands x(p);
  const AttentionResult before = attention(p, x.q, x.k, x.v);
  const std::size_t last_key = 12, last_value = 8;
  for (std::size_t i = last_key; i < x.k.size(); ++i) x.k[i] += 1;
  for (std::size_t i = last_value; i < x.v.size(); ++i) x.v[i] += 1;
  const AttentionResult after = attention(p, x.q, x.k, x.v);
  for (std::size_t i = 0; i < last_value; ++i) EXPECT_EQ(before.o[i], after.o[i]);
  EXPECT_NE(before.o[last_value], after.o[last_value]);
}

TEST(AttentionReference, GivesTheLastQueriesOfALongerSequence) {
  AttentionProblem whole;
  whole.queries = whole.keys = 6;
  whole.heads = whole.kv_heads = 2;
  whole.d_qk = whole.d_v = 2;
  const Operands x(whole);
  AttentionProblem last = whole;
  last.queries = 2;
  const AttentionResult all = attention(whole, x.q, x.k, x.v);
  const AttentionResult part = attention(last, {x.q.begin() + 16, x.q.end()}, x.k, x.v);
  EXPECT_EQ(part.o, std::vector<double>(all.o.begin() + 16, all.o.end()));
  EXPECT_EQ(part.log_sum[0], all.log_sum[4]);
}

TEST(AttentionReference, SharesAKeyHeadAmongConsecutiveQueryHeads) {
  AttentionProblem grouped;
  grouped.batch = 2;
  grouped.queries = grouped.keys = 3;
  grouped.heads = 4;
  grouped.kv_heads = 2;
  grouped.d_qk = grouped.d_v = 2;
  const Operands x(grouped);
  AttentionProblem repeated = grouped;
  repeated.kv_heads = 4;
  const auto repeat = [](const std::vector<double>& kv) {
    std::vector<double> r;
    for (std::size_t head = 0; head < kv.size(); head += 2) {
      for (int copy = 0; copy < 2; ++copy) r.insert(r.end(), {kv[head], kv[head + 1]});
    }
    return r;
  };
  EXPECT_EQ(attention(grouped, x.q, x.k, x.v).o,
            attention(repeated, x.q, repeat(x.k), repeat(x.v)).o);
}

TEST(AttentionReference, BackwardIsTheSlopeOfTheForward) {
  AttentionProblem p;
  p.batch = 2;
  p.queries = 3;
  p.keys = 4;
  p.heads = 4;
  p.kv_heads = 2;
  p.d_qk = 3;
  p.d_v = 2;
  p.scale = 0.6;
  Operands x(p);
  const AttentionGradients g = attention_backward(p, x.q, x.k, x.v, x.d_o);
  const auto slope = [&](double& value) {
    constexpr double step = 1e-5;
    const double at = value;
    value = at + step;
    const double above = x.objective(p);
    value = at - step;
    const double below = x.objective(p);
    value = at;
    return (above - below) / (2 * step);
  };
  for (std::size_t i = 0; i < x.q.size(); ++i) EXPECT_NEAR(g.d_q[i], slope(x.q[i]), 1e-8);
  for (std::size_t i = 0; i < x.k.size(); ++i) EXPECT_NEAR(g.d_k[i], slope(x.k[i]), 1e-8);
  for (std::size_t i = 0; i < x.v.size(); ++i) EXPECT_NEAR(g.d_v[i], slope(x.v[i]), 1e-8);
}

}  // namespace
}  // namespace fleetwright::gpu::reference
