#pragma once

#include <cstdint>
#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// dequantize_1x128, quantize_12bit, dequantize_12bit and transpose_fp8.
[[nodiscard]] std::vector<CheckResult> check_storage_formats(std::uint64_t seed);

}  // namespace fleetwright::gpu
