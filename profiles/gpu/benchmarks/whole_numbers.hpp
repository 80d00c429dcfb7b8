#pragma once

#include <cmath>
#include <cstddef>

namespace fleetwright::gpu {

/// Rows of an operator, which are an expected value where tokens spread over GPUs or experts.
inline std::size_t whole(double x) { return static_cast<std::size_t>(std::llround(x)); }

inline bool is_multiple(double x, double of) { return x >= of && std::fmod(x, of) == 0; }

}  // namespace fleetwright::gpu
