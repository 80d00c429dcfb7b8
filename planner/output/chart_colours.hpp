#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace fleetwright {

/// The colour of the series of that number. Okabe and Ito's palette, which people with colour
/// blindness tell apart, and three more; then they come again.
[[nodiscard]] constexpr std::string_view chart_colour(std::size_t series) {
  constexpr std::array<std::string_view, 11> colours{"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                     "#56b4e9", "#e69f00", "#000000", "#8c564b",
                                                     "#7f7f7f", "#6a3d9a", "#b2182b"};
  return colours[series % colours.size()];
}

}  // namespace fleetwright
