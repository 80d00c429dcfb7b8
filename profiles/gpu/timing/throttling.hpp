#pragma once

#include <cstdint>

namespace fleetwright::gpu {

/// Whether a launch ran slower than this GPU runs for long. `reasons` are NVML's clock event
/// reasons (nvml.h, nvmlClocksEventReason...), 0 where NVML cannot be asked: heat and the board's
/// brakes count, the power cap does not, since a GPU that works hard runs under it for good. By the
/// clock: more than 5 % under the one that the warm-up settled on.
[[nodiscard]] bool is_throttled(std::uint64_t reasons, double clock_mhz, double sustained_mhz);

}  // namespace fleetwright::gpu
