#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fleetwright::gpu {

/// Two clocks of one SM, read together: its cycle counter (clock64) and the GPU's timer. The first
/// runs at the SM clock, the second does not change its pace.
struct ClockStamp {
  std::uint64_t cycles = 0;
  std::uint64_t ns = 0;  // 0: this SM wrote no stamp
};

/// The SM clock from one row of stamps to a later one, row[sm]: the median over the SMs, in MHz.
/// Not a number if no SM wrote both.
[[nodiscard]] double clock_mhz(std::span<const ClockStamp> from, std::span<const ClockStamp> to);

/// The time between them, in us, each by the SM that wrote first; 0 if one of them holds no stamp.
[[nodiscard]] double elapsed_us(std::span<const ClockStamp> from, std::span<const ClockStamp> to);

/// The SM clock around each launch. `stamps` holds rows of `row_size`: one from before the batch,
/// then one before and one after each launch. The window of a launch is widened to its neighbours
/// until it lasts 200 us: the timer of some GPUs ticks once a microsecond, so that shorter windows
/// would be off by more than 0.5 %.
[[nodiscard]] std::vector<double> launch_clocks(std::span<const ClockStamp> stamps,
                                                std::size_t row_size);

}  // namespace fleetwright::gpu
