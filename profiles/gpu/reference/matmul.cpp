#include "profiles/gpu/reference/matmul.hpp"

#include "models/core/error.hpp"

namespace fleetwright::gpu::reference {
namespace {

std::size_t blocks_of(std::size_t elements, std::size_t block) {
  return (elements + block - 1) / block;
}

}  // namespace

Matrix multiply_transposed(const Matrix& a, const Matrix& b) {
  ensure(a.columns == b.columns, "the rows of both operands are equally long");
  Matrix c(a.rows, b.rows);
  for (std::size_t m = 0; m < a.rows; ++m) {
    for (std::size_t n = 0; n < b.rows; ++n) {
      double sum = 0;
      for (std::size_t k = 0; k < a.columns; ++k) sum += a(m, k) * b(n, k);
      c(m, n) = sum;
    }
  }
  return c;
}

Matrix transpose(const Matrix& a) {
  Matrix t(a.columns, a.rows);
  for (std::size_t r = 0; r < a.rows; ++r) {
    for (std::size_t c = 0; c < a.columns; ++c) t(c, r) = a(r, c);
  }
  return t;
}

Matrix scale_blocks(const Matrix& values, const Matrix& scales, std::size_t block_rows,
                    std::size_t block_columns) {
  ensure(scales.rows == blocks_of(values.rows, block_rows) &&
             scales.columns == blocks_of(values.columns, block_columns),
         "each block has a scale");
  Matrix scaled(values.rows, values.columns);
  for (std::size_t r = 0; r < values.rows; ++r) {
    for (std::size_t c = 0; c < values.columns; ++c) {
      scaled(r, c) = values(r, c) * scales(r / block_rows, c / block_columns);
    }
  }
  return scaled;
}

}  // namespace fleetwright::gpu::reference
