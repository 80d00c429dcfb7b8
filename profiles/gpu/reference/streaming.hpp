#pragma once

#include <cstddef>

#include "profiles/gpu/reference/matrix.hpp"

namespace fleetwright::gpu::reference {

[[nodiscard]] Matrix add(const Matrix& a, const Matrix& b);

/// Each row `heads` times, side by side.
[[nodiscard]] Matrix repeat_for_heads(const Matrix& key, std::size_t heads);

}  // namespace fleetwright::gpu::reference
