#pragma once

#include <cstdint>
#include <vector>

#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/kernels/expert_mapping.hpp"

namespace fleetwright::gpu {

/// Ids [tokens, slots] of served choices and, for `unserved` of 100 choices, -1 or an id beyond the
/// experts.
[[nodiscard]] std::vector<int> random_choices(const ExpertChoices& shape, int unserved,
                                              std::uint64_t seed);

/// From one choice to more chunks than a warp has lanes, and from one expert to the most.
[[nodiscard]] std::vector<CheckResult> check_expert_mapping(std::uint64_t seed);

}  // namespace fleetwright::gpu
