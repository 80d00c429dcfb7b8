#pragma once

#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// BF16 to E4M3 with scales for 1x128 or 128x128 elements, plain and transposed.
[[nodiscard]] std::vector<Benchmark> quantize_benchmarks();

}  // namespace fleetwright::gpu
