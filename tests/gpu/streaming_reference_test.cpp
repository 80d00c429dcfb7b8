#include <gtest/gtest.h>

#include "profiles/gpu/reference/streaming.hpp"

namespace fleetwright::gpu::reference {
namespace {

TEST(StreamingReference, AddsNumberByNumber) {
  Matrix a(2, 2), b(2, 2);
  a.at = {1, 2, 3, 4};
  b.at = {10, -2, 0.5, 1e9};
  const Matrix sum = add(a, b);
  EXPECT_EQ(sum.rows, 2U);
  EXPECT_EQ(sum.at, (std::vector<double>{11, 0, 3.5, 1e9 + 4}));
}

TEST(StreamingReference, RepeatsARowForEveryHead) {
  Matrix key(2, 3);
  key.at = {1, 2, 3, 4, 5, 6};
  const Matrix keys = repeat_for_heads(key, 2);
  EXPECT_EQ(keys.columns, 6U);
  EXPECT_EQ(keys.at, (std::vector<double>{1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6}));
}

}  // namespace
}  // namespace fleetwright::gpu::reference
