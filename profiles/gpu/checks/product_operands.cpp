#include "profiles/gpu/checks/product_operands.hpp"

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cmath>
#include <cstring>
#include <numeric>
#include <random>

#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/kernels/scale_layout.hpp"
#include "profiles/gpu/reference/matmul.hpp"
#include "profiles/gpu/reference/number_formats.hpp"

namespace fleetwright::gpu {
namespace {

using reference::Matrix;
using Bytes = std::vector<std::byte>;

template <typename T>
void append(Bytes& memory, T value) {
  const std::size_t at = memory.size();
  memory.resize(at + sizeof(T));
  std::memcpy(memory.data() + at, &value, sizeof(T));
}

// Writes the number in this format and gives what was written.
double append_rounded(Bytes& memory, float x, Precision precision) {
  if (is_fp8(precision)) {
    const double rounded = reference::round_e4m3(static_cast<double>(x));
    append(memory, reference::encode_e4m3(rounded));
    return rounded;
  }
  if (precision == Precision::fp16) {
    const __half half = __float2half(x);
    append(memory, half);
    return static_cast<double>(__half2float(half));
  }
  const __nv_bfloat16 narrow = __float2bfloat16_rn(x);
  append(memory, narrow);
  return static_cast<double>(__bfloat162float(narrow));
}

// Positive, and over two orders of magnitude, so that no two may be exchanged.
Matrix random_scales(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> exponent(-6.0, 0.0);
  Matrix scales(rows, columns);
  for (double& s : scales.at)
    s = static_cast<double>(static_cast<float>(std::exp2(exponent(engine))));
  return scales;
}

void scale(Operand& x, Scaling scaling, std::uint64_t seed) {
  if (scaling == Scaling::none) return;
  const std::size_t rows = x.values.rows, columns = x.values.columns;
  const auto group = static_cast<std::size_t>(scale_group);
  const std::size_t block_rows =
      scaling == Scaling::whole ? rows : (scaling == Scaling::rows ? 1 : group);
  const std::size_t block_columns = scaling == Scaling::whole ? columns : group;
  const Matrix scales = random_scales((rows + block_rows - 1) / block_rows,
                                      (columns + block_columns - 1) / block_columns, seed);
  // The scales of rows lie group by group, those of blocks row by row (scale_layout.hpp).
  const Matrix lines = scaling == Scaling::rows ? reference::transpose(scales) : scales;
  const auto pitch = scaling == Scaling::whole
                         ? 1
                         : static_cast<std::size_t>(scale_pitch(static_cast<int>(lines.columns)));
  x.scales.assign(lines.rows * pitch, 0);
  for (std::size_t r = 0; r < lines.rows; ++r) {
    for (std::size_t c = 0; c < lines.columns; ++c) {
      x.scales[r * pitch + c] = static_cast<float>(lines(r, c));
    }
  }
  x.values = reference::scale_blocks(x.values, scales, block_rows, block_columns);
}

}  // namespace

Operand random_operand(std::int64_t outer, std::int64_t k, Precision precision, Scaling scaling,
                       bool rows_of_k, std::uint64_t seed) {
  const auto rows = static_cast<std::size_t>(rows_of_k ? outer : k),
             columns = static_cast<std::size_t>(rows_of_k ? k : outer);
  // FP8 fills its range, up to 448, as it does once it is scaled.
  const std::vector<float> random = random_fp32(rows * columns, seed, is_fp8(precision) ? 112 : 1);
  Operand x;
  x.values = Matrix(rows, columns);
  for (std::size_t i = 0; i < random.size(); ++i) {
    x.values.at[i] = append_rounded(x.memory, random[i], precision);
  }
  if (!rows_of_k) x.values = reference::transpose(x.values);
  scale(x, scaling, seed + 1);
  return x;
}

std::vector<float> add_random_sums(std::vector<double>& products, std::uint64_t seed) {
  const double square = std::inner_product(products.begin(), products.end(), products.begin(), 0.0);
  const std::vector<float> before =
      random_fp32(products.size(), seed,
                  products.empty() ? 0 : std::sqrt(square / static_cast<double>(products.size())));
  for (std::size_t i = 0; i < before.size(); ++i) products[i] += static_cast<double>(before[i]);
  return before;
}

}  // namespace fleetwright::gpu
