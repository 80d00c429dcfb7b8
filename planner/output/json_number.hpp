#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

#include "models/core/format.hpp"

namespace fleetwright {

/// A number as every report prints it: to twelve digits, a count (below 10^15) as 2048, not 2048.0,
/// null where there is none or it is not finite. `Json` is the library's type, which no header
/// names: `constexpr JsonNumber<Json> number{};`
template <typename Json>
struct JsonNumber {
  [[nodiscard]] Json operator()(double value) const {
    if (!std::isfinite(value)) return nullptr;
    const double rounded = twelve_digits(value);
    if (rounded == std::floor(rounded) && std::abs(rounded) < 1e15) {
      return static_cast<std::int64_t>(rounded);
    }
    return rounded;
  }

  [[nodiscard]] Json operator()(const std::optional<double>& value) const {
    return value ? (*this)(*value) : Json(nullptr);
  }
};

}  // namespace fleetwright
