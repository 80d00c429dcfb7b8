#pragma once

#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

[[nodiscard]] std::vector<Benchmark> rmsnorm_benchmarks();

}  // namespace fleetwright::gpu
