#pragma once

#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// Absorbed decoding, 576 for keys and 512 for values, over a paged cache by our kernel for Hopper.
[[nodiscard]] std::vector<Benchmark> hopper_decode_benchmarks();

}  // namespace fleetwright::gpu
