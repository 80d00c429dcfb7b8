#pragma once

#include <cstdint>
#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// Losses and gradients of narrow and wide vocabularies, with far logits, masked ones and tokens
/// without target.
[[nodiscard]] std::vector<CheckResult> check_cross_entropy(std::uint64_t seed);

}  // namespace fleetwright::gpu
