#pragma once

#include <cstdint>
#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// Steps with BF16 and with FP32 moments, and how the moments and weights are rounded.
[[nodiscard]] std::vector<CheckResult> check_adamw(std::uint64_t seed);

}  // namespace fleetwright::gpu
