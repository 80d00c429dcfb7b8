#pragma once

#include <cstddef>

#include "profiles/gpu/reference/matrix.hpp"

namespace fleetwright::gpu::reference {

/// `values` are E4M3 numbers; times the scale of their block they are the matrix again, nearly.
/// Scales: one for block_rows x block_columns elements, without padding.
struct Quantized {
  Matrix values;
  Matrix scales;
  std::size_t block_rows = 1;
  std::size_t block_columns = 128;
};

[[nodiscard]] Matrix transposed(const Matrix& x);

/// A scale is the block's largest magnitude over 448; magnitudes below 2^-100 count as that
/// (DeepSeek-V3, arXiv 2412.19437, section 3.3.2, and the floor of our kernels).
[[nodiscard]] Matrix block_scales(const Matrix& x, std::size_t block_rows,
                                  std::size_t block_columns);

[[nodiscard]] Quantized quantize(const Matrix& x, std::size_t block_rows,
                                 std::size_t block_columns);
[[nodiscard]] Matrix dequantize(const Quantized& quantized);

}  // namespace fleetwright::gpu::reference
