#pragma once

#include <cstdint>
#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// quantize_1x128, quantize_transpose_1x128, quantize_128x128 and quantize_transpose_128x128.
[[nodiscard]] std::vector<CheckResult> check_quantize(std::uint64_t seed);

}  // namespace fleetwright::gpu
