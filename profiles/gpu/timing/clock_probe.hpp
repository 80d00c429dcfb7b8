#pragma once

#include "profiles/gpu/device_memory.hpp"
#include "profiles/gpu/timing/clock_stamps.hpp"

namespace fleetwright::gpu {

/// The name of the kernel of stamp_clocks in profiles: it marks where a launch begins and ends.
constexpr const char* mark_name = "fleetwright_stamp_clocks";

/// Queues a kernel of one warp per SM; each writes its clocks to row[its SM], if that is less than
/// `row_size`.
void stamp_clocks(ClockStamp* row, unsigned row_size, int multiprocessors, Stream stream);

/// Queues a kernel that ends after `microseconds`, so that what is queued behind it runs in one go.
void hold_stream(double microseconds, Stream stream);

}  // namespace fleetwright::gpu
