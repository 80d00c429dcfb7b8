#pragma once

#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// Copies within the GPU's memory by the CUDA runtime.
[[nodiscard]] std::vector<Benchmark> memcpy_benchmarks();

}  // namespace fleetwright::gpu
