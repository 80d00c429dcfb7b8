#pragma once

#include <cstdint>
#include <vector>

#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/libraries/cudnn_graph.hpp"

namespace fleetwright::gpu {

/// Attention, its gradients both ways, and products of experts, in small shapes against the
/// reference. What the library does not do on this GPU is left out.
[[nodiscard]] std::vector<CheckResult> check_cudnn(const GraphCompiler& compile,
                                                   std::uint64_t seed);

}  // namespace fleetwright::gpu
