#pragma once

#include <cstddef>

#include "profiles/gpu/reference/matrix.hpp"

namespace fleetwright::gpu::reference {

/// a[m, k] b[n, k]^T.
[[nodiscard]] Matrix multiply_transposed(const Matrix& a, const Matrix& b);

[[nodiscard]] Matrix transpose(const Matrix& a);

/// Each element times the scale of its block: `scales` has one for block_rows x block_columns
/// elements, fewer at the edges.
[[nodiscard]] Matrix scale_blocks(const Matrix& values, const Matrix& scales,
                                  std::size_t block_rows, std::size_t block_columns);

}  // namespace fleetwright::gpu::reference
