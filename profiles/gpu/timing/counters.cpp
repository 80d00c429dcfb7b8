#include "profiles/gpu/timing/counters.hpp"

#include <array>

#include "models/core/error.hpp"

namespace fleetwright::gpu {
namespace {

constexpr auto metrics = std::to_array<const char*>({
    "gpu__time_duration.sum",  // ns
    "sm__cycles_elapsed.avg.per_second",
    "sm__pipe_tensor_cycles_active.avg.pct_of_peak_sustained_active",
    "dram__bytes_read.sum",
    "dram__bytes_write.sum",
});

}  // namespace

std::span<const char* const> counter_metrics() { return metrics; }

Counters counters_of(std::span<const double> values) {
  ensure(values.size() == metrics.size(), "one value for each metric");
  return {.time_us = values[0] / 1e3,
          .sm_clock_mhz = values[1] / 1e6,
          .tensor_active = values[2] / 100,
          .dram_read_bytes = values[3],
          .dram_written_bytes = values[4]};
}

}  // namespace fleetwright::gpu
