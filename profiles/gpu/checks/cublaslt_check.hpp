#pragma once

#include <cstdint>
#include <vector>

#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/libraries/cublaslt_matmul.hpp"

namespace fleetwright::gpu {

/// Small products of every format and pass, single and grouped, against the reference: that the
/// library is asked for what is meant. What it does not do on this GPU is left out.
[[nodiscard]] std::vector<CheckResult> check_cublaslt(CublasLtContext& context, std::uint64_t seed);

}  // namespace fleetwright::gpu
