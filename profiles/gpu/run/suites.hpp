#pragma once

#include <string_view>
#include <vector>

#include "models/operators.hpp"

namespace fleetwright::gpu {

/// A list of operators worth measuring together.
struct Suite {
  std::string_view name;
  std::string_view help;  // one sentence
  std::vector<Operator> (*operators)();
};

/// ceilings, v3, decode, grid: in the order in which they are worth the time of a GPU.
[[nodiscard]] const std::vector<Suite>& builtin_suites();

}  // namespace fleetwright::gpu
