#pragma once

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <string>

namespace fleetwright {

/// A number of a report. Twelve digits: enough for the parts of a step to add up to it, few enough
/// to hide the last bits, which differ between compilers. Counts stay counts: 2048, not 2048.0.
inline nlohmann::ordered_json json_number(double value) {
  if (!std::isfinite(value)) return nullptr;
  const double rounded = std::stod(fmt::format("{:.12g}", value));
  if (rounded == std::floor(rounded) && std::abs(rounded) < 1e15) {
    return static_cast<std::int64_t>(rounded);
  }
  return rounded;
}

}  // namespace fleetwright
