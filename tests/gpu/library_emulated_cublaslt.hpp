#pragma once

#include "profiles/gpu/libraries/cublaslt.hpp"

namespace fleetwright::gpu {

/// cuBLASLt on the CPU, written from its documentation alone: it refuses what Hopper's refuses, and
/// multiplies column by column, scales and all. It offers three algorithms: the first takes
/// its time, the second does not work.
[[nodiscard]] CublasLtApi emulated_cublaslt();

/// What the last product was planned for; 0: all SMs.
[[nodiscard]] int emulated_cublaslt_sms();
/// Which of the algorithms the last product used.
[[nodiscard]] int emulated_cublaslt_algorithm();

}  // namespace fleetwright::gpu
