#pragma once

#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// Products by cuBLASLt: single ones, the best of several algorithms, and those of experts one
/// after another.
[[nodiscard]] std::vector<Benchmark> cublaslt_benchmarks();

}  // namespace fleetwright::gpu
