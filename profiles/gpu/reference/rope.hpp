#pragma once

#include <cstddef>

#include "profiles/gpu/reference/matrix.hpp"

namespace fleetwright::gpu::reference {

/// The angle by which pair i of each head of the token at position t turns: t base^(-2i / width),
/// [tokens, width / 2] (Su et al. 2021, arXiv 2104.09864, equation 15, where base is 10,000).
[[nodiscard]] Matrix rotary_angles(std::size_t tokens, std::size_t head_width,
                                   double base = 10000.0);

/// Turns the pairs (i, i + width / 2) of each head of x [tokens, heads * width] by the angles
/// [tokens, width / 2] of its token; back: the other way, which is the gradient.
[[nodiscard]] Matrix rotate(const Matrix& x, const Matrix& angles, bool back = false);

}  // namespace fleetwright::gpu::reference
