#pragma once

#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// Causal attention of width 192 and 128, and its gradients, by our kernels for Hopper.
[[nodiscard]] std::vector<Benchmark> hopper_attention_benchmarks();

}  // namespace fleetwright::gpu
