#include "profiles/gpu/reference/quantize.hpp"

#include <algorithm>
#include <cmath>

#include "profiles/gpu/reference/number_formats.hpp"

namespace fleetwright::gpu::reference {

Matrix transposed(const Matrix& x) {
  Matrix t(x.columns, x.rows);
  for (std::size_t r = 0; r < x.rows; ++r) {
    for (std::size_t c = 0; c < x.columns; ++c) t(c, r) = x(r, c);
  }
  return t;
}

Matrix block_scales(const Matrix& x, std::size_t block_rows, std::size_t block_columns) {
  Matrix scales((x.rows + block_rows - 1) / block_rows,
                (x.columns + block_columns - 1) / block_columns);
  std::fill(scales.at.begin(), scales.at.end(), 0x1p-100 / 448);
  for (std::size_t r = 0; r < x.rows; ++r) {
    for (std::size_t c = 0; c < x.columns; ++c) {
      double& scale = scales(r / block_rows, c / block_columns);
      scale = std::max(scale, std::abs(x(r, c)) / 448);
    }
  }
  return scales;
}

Quantized quantize(const Matrix& x, std::size_t block_rows, std::size_t block_columns) {
  Quantized q{Matrix(x.rows, x.columns), block_scales(x, block_rows, block_columns), block_rows,
              block_columns};
  for (std::size_t r = 0; r < x.rows; ++r) {
    for (std::size_t c = 0; c < x.columns; ++c) {
      q.values(r, c) = round_e4m3(x(r, c) / q.scales(r / block_rows, c / block_columns));
    }
  }
  return q;
}

Matrix dequantize(const Quantized& q) {
  Matrix x = q.values;
  for (std::size_t r = 0; r < x.rows; ++r) {
    for (std::size_t c = 0; c < x.columns; ++c) {
      x(r, c) *= q.scales(r / q.block_rows, c / q.block_columns);
    }
  }
  return x;
}

}  // namespace fleetwright::gpu::reference
