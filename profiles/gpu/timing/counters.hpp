#pragma once

#include <span>

namespace fleetwright::gpu {

/// What the GPU counted in one launch, with the L2 flushed before it.
struct Counters {
  double time_us = 0;
  double sm_clock_mhz = 0;
  double tensor_active = 0;  // share of the cycles in which an SM's tensor pipe worked, 0 to 1
  double dram_read_bytes = 0;
  double dram_written_bytes = 0;
};

/// The metrics behind them, in CUPTI's names. GA100, GH100 and GB100 count them in one pass.
[[nodiscard]] std::span<const char* const> counter_metrics();

/// From values in the order of counter_metrics().
[[nodiscard]] Counters counters_of(std::span<const double> values);

}  // namespace fleetwright::gpu
