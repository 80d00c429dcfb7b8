#include <gtest/gtest.h>

#include "profiles/gpu/reference/embedding.hpp"

namespace fleetwright::gpu::reference {
namespace {

TEST(EmbeddingReference, GathersRowsAndZerosForIdsElsewhere) {
  Matrix table(3, 2);
  table.at = {1, 2, 3, 4, 5, 6};
  const Matrix y = gather_rows(table, {2, 0, 3, -1, 2});
  EXPECT_EQ(y.rows, 5U);
  EXPECT_EQ(y.at, (std::vector<double>{5, 6, 1, 2, 0, 0, 0, 0, 5, 6}));
}

TEST(EmbeddingReference, AddsGradientsOfEqualIdsToWhatIsThere) {
  Matrix table(3, 2), gradient(4, 2);
  table.at = {100, 200, 300, 400, 500, 600};
  gradient.at = {1, 2, 10, 20, 7, 7, 3, 4};
  scatter_add_rows(gradient, {1, 0, 3, 1}, table);
  EXPECT_EQ(table.at, (std::vector<double>{110, 220, 304, 406, 500, 600}));
}

// <gather(T), G> = <T, scatter(G)>: gathering is linear in the table, so its transpose is its
// gradient.
TEST(EmbeddingReference, ScatteringIsTheTransposeOfGathering) {
  Matrix table(4, 3), gradient(6, 3);
  for (std::size_t i = 0; i < 12; ++i) table.at[i] = static_cast<double>(i * i % 7);
  for (std::size_t i = 0; i < 18; ++i) gradient.at[i] = static_cast<double>(i * 5 % 11) - 4;
  const std::vector<std::int32_t> ids = {3, 1, 1, 0, 9, 3};
  const Matrix y = gather_rows(table, ids);
  Matrix back(4, 3);
  scatter_add_rows(gradient, ids, back);
  double forward = 0, backward = 0;
  for (std::size_t i = 0; i < 18; ++i) forward += y.at[i] * gradient.at[i];
  for (std::size_t i = 0; i < 12; ++i) backward += table.at[i] * back.at[i];
  EXPECT_DOUBLE_EQ(forward, backward);
}

}  // namespace
}  // namespace fleetwright::gpu::reference
