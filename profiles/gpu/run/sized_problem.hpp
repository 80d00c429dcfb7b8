#pragma once

#include <optional>
#include <vector>

#include "profiles/gpu/kernels/hopper/fp8_problem.hpp"

namespace fleetwright::gpu {

/// A product and the sizes of its groups, none for a whole one.
struct SizedProblem {
  hopper::Fp8Problem problem;
  std::vector<std::int32_t> sizes;
};

/// What the operator is to our FP8 kernels, groups as equal as they can be; nothing for what they
/// do not do. Weight gradients of groups are rounded to multiples of 128 rows.
[[nodiscard]] std::optional<SizedProblem> sized_problem(const Operator& op);

}  // namespace fleetwright::gpu
