#pragma once

#include <vector>

#include "models/operators.hpp"

namespace fleetwright::gpu {

/// Shapes between and around those of known models, so that an operator that was never measured
/// lies between some that were.
[[nodiscard]] std::vector<Operator> shape_grid();

}  // namespace fleetwright::gpu
