#pragma once

#include <cstdint>
#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// Gates of several models, with and without groups and bias, with ties; and their gradients.
[[nodiscard]] std::vector<CheckResult> check_router(std::uint64_t seed);

}  // namespace fleetwright::gpu
