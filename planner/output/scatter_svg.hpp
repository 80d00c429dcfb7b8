#pragma once

#include <string>
#include <vector>

namespace fleetwright {

/// A point of a scatter plot; both numbers are positive.
struct ScatterPoint {
  double measured = 0;
  double predicted = 0;
  std::string series;  // one colour each
  std::string label;   // shown when the mouse rests on it
};

/// Predicted against measured on logarithmic axes, with the diagonal and lines 20 % off it.
[[nodiscard]] std::string scatter_svg(const std::vector<ScatterPoint>& points);

}  // namespace fleetwright
