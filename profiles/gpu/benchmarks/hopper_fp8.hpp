#pragma once

#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// FP8 products with scales of 1x128 and 128x128 by our kernels for Hopper.
[[nodiscard]] std::vector<Benchmark> hopper_fp8_benchmarks();

}  // namespace fleetwright::gpu
