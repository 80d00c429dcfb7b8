#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace fleetwright::gpu {

/// The middle value, of an even number the upper one; not a number if there is none.
[[nodiscard]] inline double median(std::vector<double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace fleetwright::gpu
