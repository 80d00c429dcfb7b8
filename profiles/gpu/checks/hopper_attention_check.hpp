#pragma once

#include <cstdint>
#include <vector>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {

/// Attention of ours against the reference: whole and ragged blocks of queries, several sequences,
/// shared key heads, rings that wrap.
[[nodiscard]] std::vector<CheckResult> check_hopper_attention(std::uint64_t seed);
/// Its gradients likewise.
[[nodiscard]] std::vector<CheckResult> check_hopper_attention_backward(std::uint64_t seed);

}  // namespace fleetwright::gpu
