#pragma once

#include <cstdint>
#include <vector>

#include "profiles/gpu/reference/matrix.hpp"

namespace fleetwright::gpu::reference {

// Ids outside of the table belong to another part of it: rows of zeros, and no gradient.

[[nodiscard]] Matrix gather_rows(const Matrix& table, const std::vector<std::int32_t>& ids);

/// Adds row t of `gradient` to row ids[t] of the table's.
void scatter_add_rows(const Matrix& gradient, const std::vector<std::int32_t>& ids,
                      Matrix& table_gradient);

}  // namespace fleetwright::gpu::reference
