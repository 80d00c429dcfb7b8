#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "profiles/gpu/reference/decode.hpp"

namespace fleetwright::gpu::reference {
namespace {

std::vector<double> random(std::size_t size, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal;
  std::vector<double> values(size);
  for (double& v : values) v = normal(engine);
  return values;
}

// With its keys laid out one after another, each sequence is attention of one key head whose values
// are the first columns of the keys.
TEST(DecodeReference, IsAttentionToKeysInPages) {
  DecodeProblem p{2, 3, 6, 4, 4, 3, 0.7};
  const std::vector<std::int32_t> lengths{9, 4}, page_table{5, 0, 3, 2, 1, 4};
  const auto q = random(2 * 2 * 3 * 6, 1), cache = random(6 * 4 * 6, 2);
  const AttentionResult got = decode(p, lengths, page_table, q, cache);
  for (std::size_t s = 0; s < 2; ++s) {
    const auto length = static_cast<std::size_t>(lengths[s]);
    std::vector<double> k, v;
    for (std::size_t i = 0; i < length; ++i) {
      const auto page = static_cast<std::size_t>(page_table[s * 3 + i / 4]);
      const double* const key = &cache[(page * 4 + i % 4) * 6];
      k.insert(k.end(), key, key + 6);
      v.insert(v.end(), key, key + 4);
    }
    const AttentionResult expected =
        attention({1, 2, length, 3, 1, 6, 4, 0.7}, {&q[s * 36], &q[s * 36] + 36}, k, v);
    for (std::size_t i = 0; i < expected.o.size(); ++i) {
      EXPECT_NEAR(got.o[s * 24 + i], expected.o[i], 1e-12);
    }
    for (std::size_t row = 0; row < 6; ++row) {  // token and head; there by head and token
      EXPECT_NEAR(got.log_sum[s * 6 + row], expected.log_sum[row % 3 * 2 + row / 3], 1e-12);
    }
  }
}

TEST(DecodeReference, OfNoKeyIsZero) {
  const DecodeProblem p{2, 1, 2, 1, 4, 1, 1};
  const AttentionResult got = decode(p, {0, 1}, {0, 0}, random(8, 1), random(8, 2));
  for (const std::size_t row : {0U, 1U, 2U}) {  // the first token of the second sequence too
    EXPECT_EQ(got.o[row], 0);
    EXPECT_EQ(got.log_sum[row], -std::numeric_limits<double>::infinity());
  }
  EXPECT_NE(got.o[3], 0);
  EXPECT_TRUE(std::isfinite(got.log_sum[3]));
}

}  // namespace
}  // namespace fleetwright::gpu::reference
