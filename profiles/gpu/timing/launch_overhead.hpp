#pragma once

#include <string>

#include "profiles/gpu/device_memory.hpp"

namespace fleetwright::gpu {

/// What launching costs besides the work of the kernels.
struct LaunchOverhead {
  double empty_us = 0;           // an empty kernel, one of many queued back to back
  double start_to_start_us = 0;  // of two short kernels, the second waiting for the first
  double short_us = 0;           // such a kernel itself; the rest is the gap between them
  std::string no_chain;          // why the last two are not numbers: CUPTI's reason
};

/// On the current GPU. Throws Error.
[[nodiscard]] LaunchOverhead measure_launch_overhead();

// The kernels behind them.
void launch_empty(Stream stream);
/// Adds one to a number: each waits for the one before.
void launch_short(unsigned* value, Stream stream);

}  // namespace fleetwright::gpu
