#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "profiles/gpu/reference/number_formats.hpp"
#include "profiles/gpu/reference/quantize.hpp"

namespace fleetwright::gpu::reference {
namespace {

Matrix random_matrix(std::size_t rows, std::size_t columns, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  Matrix m(rows, columns);
  for (double& x : m.at) x = normal(engine);
  return m;
}

TEST(QuantizeReference, ScalesTheLargestMagnitudeOfABlockTo448) {
  Matrix x(1, 256);
  x(0, 3) = -896;  // the first group's scale is 2
  x(0, 4) = 33;
  x(0, 130) = 44.8;  // the second's is a tenth
  const Quantized q = quantize(x, 1, 128);
  EXPECT_DOUBLE_EQ(q.scales(0, 0), 2.0);
  EXPECT_DOUBLE_EQ(q.scales(0, 1), 0.1);
  EXPECT_DOUBLE_EQ(q.values(0, 3), -448.0);
  EXPECT_DOUBLE_EQ(q.values(0, 4), 16.0);  // 16.5 lies between 16 and 18
  EXPECT_DOUBLE_EQ(q.values(0, 130), 448.0);
  EXPECT_DOUBLE_EQ(q.values(0, 5), 0.0);
}

TEST(QuantizeReference, RoundsTiesToTheEvenCode) {
  Matrix x(1, 4);
  x.at = {448, 17, 19, -25};
  const Quantized q = quantize(x, 1, 128);
  EXPECT_EQ(q.values.at, (std::vector<double>{448, 16, 20, -24}));
}

TEST(QuantizeReference, GivesZerosAScaleThatIsNotZero) {
  const Quantized q = quantize(Matrix(2, 128), 1, 128);
  EXPECT_DOUBLE_EQ(q.scales(1, 0), std::ldexp(1.0, -100) / 448);
  EXPECT_DOUBLE_EQ(q.values(1, 127), 0.0);
}

TEST(QuantizeReference, LetsTheLastBlockBeShorter) {
  const Matrix x = random_matrix(130, 576, 1);
  EXPECT_EQ(quantize(x, 1, 128).scales.columns, 5U);
  const Matrix squares = block_scales(x, 128, 128);
  EXPECT_EQ(squares.rows, 2U);
  EXPECT_EQ(squares.columns, 5U);
  double corner = 0;
  for (std::size_t r = 128; r < 130; ++r) {
    for (std::size_t c = 512; c < 576; ++c) corner = std::max(corner, std::abs(x(r, c)));
  }
  EXPECT_DOUBLE_EQ(squares(1, 4), corner / 448);
}

TEST(QuantizeReference, ErrsByASixteenthAtMostAndNotAtAllAtTheLargest) {
  const Matrix x = random_matrix(7, 640, 2);
  for (const std::size_t height : {std::size_t{1}, std::size_t{128}}) {
    const Quantized q = quantize(x, height, 128);
    const Matrix back = dequantize(q);
    for (std::size_t i = 0; i < x.at.size(); ++i) {
      const double scale = q.scales(i / 640 / height, i % 640 / 128);
      EXPECT_LE(std::abs(back.at[i] - x.at[i]),
                std::abs(x.at[i]) / 16 * (1 + 1e-12) + scale * 0x1p-10);
      if (std::abs(q.values.at[i]) == 448 && std::abs(x.at[i]) / scale >= 448) {
        EXPECT_DOUBLE_EQ(back.at[i], x.at[i]);
      }
    }
  }
}

TEST(QuantizeReference, GivesSquaresAndTheirTransposeTheSameCodes) {
  const Matrix x = random_matrix(200, 144, 3);
  const Quantized plain = quantize(x, 128, 128), turned = quantize(transposed(x), 128, 128);
  EXPECT_EQ(transposed(plain.values).at, turned.values.at);
  EXPECT_EQ(transposed(plain.scales).at, turned.scales.at);
  // Vectors do not have this: the weight gradient needs its operands quantized anew.
  EXPECT_NE(transposed(quantize(x, 1, 128).values).at, quantize(transposed(x), 1, 128).values.at);
}

TEST(QuantizeReference, TransposingTwiceGivesTheMatrixBack) {
  const Matrix x = random_matrix(3, 5, 4);
  EXPECT_EQ(transposed(x)(4, 1), x(1, 4));
  EXPECT_EQ(transposed(transposed(x)).at, x.at);
}

}  // namespace
}  // namespace fleetwright::gpu::reference
