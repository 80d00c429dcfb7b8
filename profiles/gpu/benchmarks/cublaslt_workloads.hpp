#pragma once

#include <cstdint>
#include <memory>

#include "models/operators.hpp"
#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/libraries/cublaslt.hpp"

namespace fleetwright::gpu {

/// `sms`: to plan for; 0: all. The fastest of `candidates` algorithms is taken; of one, it is the
/// heuristics' first. Throws Unavailable.
[[nodiscard]] std::unique_ptr<Workload> cublaslt_gemm(const CublasLtApi& api, const Gemm& op,
                                                      int sms, std::uint64_t seed, int candidates);

[[nodiscard]] std::unique_ptr<Workload> cublaslt_grouped_gemm(const CublasLtApi& api,
                                                              const GroupedGemm& op, int sms,
                                                              std::uint64_t seed);

}  // namespace fleetwright::gpu
