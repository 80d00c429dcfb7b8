#pragma once

#include <cstdint>
#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// The moves into and out of expert order and their gradients, exactly where nothing is added.
[[nodiscard]] std::vector<CheckResult> check_permute(std::uint64_t seed);

}  // namespace fleetwright::gpu
