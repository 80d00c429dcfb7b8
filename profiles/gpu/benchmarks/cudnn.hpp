#pragma once

#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// Fused attention and the product of experts by cuDNN.
[[nodiscard]] std::vector<Benchmark> cudnn_benchmarks();

}  // namespace fleetwright::gpu
