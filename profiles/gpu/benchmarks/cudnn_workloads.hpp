#pragma once

#include <cstdint>
#include <memory>

#include "models/operators.hpp"
#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/libraries/cudnn_graph.hpp"

namespace fleetwright::gpu {

/// Causal attention, or its gradient from what the forward pass left. Throws Unavailable.
[[nodiscard]] std::unique_ptr<Workload> cudnn_attention(const GraphCompiler& compile,
                                                        const Attention& op, bool deterministic,
                                                        std::uint64_t seed);

/// The forward product, with the rows split evenly. Throws Unavailable.
[[nodiscard]] std::unique_ptr<Workload> cudnn_grouped_gemm(const GraphCompiler& compile,
                                                           const GroupedGemm& op,
                                                           std::uint64_t seed);

}  // namespace fleetwright::gpu
