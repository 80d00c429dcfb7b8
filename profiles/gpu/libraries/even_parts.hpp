#pragma once

#include <cstdint>
#include <vector>

#include "models/core/error.hpp"

namespace fleetwright::gpu {

/// How many of `total` rows each of the groups has: as equal as multiples of `unit` allow, the
/// larger ones first. Total is a multiple of unit.
[[nodiscard]] inline std::vector<std::int64_t> even_parts(std::int64_t total, std::int64_t groups,
                                                          std::int64_t unit) {
  ensure(groups > 0 && unit > 0 && total % unit == 0, "rows are split in whole units");
  const std::int64_t units = total / unit;
  std::vector<std::int64_t> parts;
  for (std::int64_t g = 0; g < groups; ++g) {
    parts.push_back((units / groups + (g < units % groups ? 1 : 0)) * unit);
  }
  return parts;
}

}  // namespace fleetwright::gpu
