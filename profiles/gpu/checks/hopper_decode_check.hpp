#pragma once

#include <cstdint>
#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// Absorbed decoding of ours against the reference: sequences of any length, empty ones too, whole
/// and divided, one query token and more, rows that do not fill a block; pages in random order,
/// and all that no sequence has not a number.
[[nodiscard]] std::vector<CheckResult> check_hopper_decode(std::uint64_t seed);

}  // namespace fleetwright::gpu
