#pragma once

#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// E4M3 with scales to BF16, BF16 to and from twelve bits, FP8 weights transposed.
[[nodiscard]] std::vector<Benchmark> storage_formats_benchmarks();

}  // namespace fleetwright::gpu
