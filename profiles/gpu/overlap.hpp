#pragma once

#include <cstdint>
#include <string>

namespace fleetwright::gpu {

/// Products of ours on the SMs that communication leaves, alone and beside a copy on the others: a
/// table of how much slower each side becomes. What a simulation assumes of the contention for L2
/// and device memory is to be compared with it. Throws Error, Unavailable.
[[nodiscard]] std::string measure_overlap(int sms, std::uint64_t seed);

}  // namespace fleetwright::gpu
