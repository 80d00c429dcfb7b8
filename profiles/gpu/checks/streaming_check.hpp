#pragma once

#include <cstdint>
#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

[[nodiscard]] std::vector<CheckResult> check_streaming(std::uint64_t seed);

}  // namespace fleetwright::gpu
