#pragma once

#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// SwiGLU where the operator is gated, else GELU: forward, forward to FP8, backward.
[[nodiscard]] std::vector<Benchmark> activation_benchmarks();

}  // namespace fleetwright::gpu
