#include <gtest/gtest.h>

#include "profiles/gpu/reference/matmul.hpp"

namespace fleetwright::gpu::reference {
namespace {

Matrix filled(std::size_t rows, std::size_t columns, double first, double step) {
  Matrix m(rows, columns);
  for (std::size_t i = 0; i < m.at.size(); ++i) m.at[i] = first + step * static_cast<double>(i);
  return m;
}

TEST(MatmulReference, MultipliesRowsWithRows) {
  // [1 2 3; 4 5 6] times [1 0 -1; 2 1 0]^T.
  const Matrix a = filled(2, 3, 1, 1);
  Matrix b(2, 3);
  b.at = {1, 0, -1, 2, 1, 0};
  EXPECT_EQ(multiply_transposed(a, b).at, (std::vector<double>{-2, 4, -2, 13}));
}

TEST(MatmulReference, TransposesTheResultWhenTheOperandsAreExchanged) {
  const Matrix a = filled(3, 4, -2, 0.25), b = filled(5, 4, 1, -0.5);
  EXPECT_EQ(transpose(multiply_transposed(a, b)).at, multiply_transposed(b, a).at);
  EXPECT_EQ(transpose(transpose(a)).at, a.at);
}

TEST(MatmulReference, ScalesEachBlockWithItsOwn) {
  Matrix scales(2, 2);
  scales.at = {1, 10, 100, 1000};
  const Matrix scaled = scale_blocks(filled(3, 3, 1, 1), scales, 2, 2);
  EXPECT_EQ(scaled.at, (std::vector<double>{1, 2, 30, 4, 5, 60, 700, 800, 9000}));
}

TEST(MatmulReference, OfScaledBlocksIsTheSumOfScaledPartialProducts) {
  // What a kernel does: a product for each two columns, scaled, then added up.
  const Matrix a = filled(3, 4, 1, 0.5), b = filled(2, 4, -1, 0.25);
  const Matrix a_scales = filled(3, 2, 1, 1), b_scales = filled(1, 2, 2, 3);
  const Matrix product =
      multiply_transposed(scale_blocks(a, a_scales, 1, 2), scale_blocks(b, b_scales, 2, 2));
  for (std::size_t m = 0; m < 3; ++m) {
    for (std::size_t n = 0; n < 2; ++n) {
      double sum = 0;
      for (std::size_t block = 0; block < 2; ++block) {
        double part = 0;
        for (std::size_t k = 2 * block; k < 2 * block + 2; ++k) part += a(m, k) * b(n, k);
        sum += a_scales(m, block) * b_scales(0, block) * part;
      }
      EXPECT_NEAR(product(m, n), sum, 1e-12);
    }
  }
}

}  // namespace
}  // namespace fleetwright::gpu::reference
