#pragma once

#include <cstddef>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// Fills the outputs with bytes of ones: not a number in every format, -1 as a whole number.
void poison(Workload& workload);

/// Elements of the outputs that are not a number, or -1.
[[nodiscard]] std::size_t poisoned_elements(Workload& workload);

/// Launches once with poisoned outputs. Throws Error if some of it is left.
void prove_writes(Workload& workload);

}  // namespace fleetwright::gpu
