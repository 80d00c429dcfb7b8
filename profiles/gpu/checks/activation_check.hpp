#pragma once

#include <cstdint>
#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// SwiGLU and GELU: forward, forward to FP8, backward without and with the product.
[[nodiscard]] std::vector<CheckResult> check_activation(std::uint64_t seed);

}  // namespace fleetwright::gpu
