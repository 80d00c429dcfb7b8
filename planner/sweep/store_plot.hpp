#pragma once

#include <string>

#include "planner/output/plot_svg.hpp"
#include "planner/sweep/store_reader.hpp"

namespace fleetwright {

/// What of a table to draw: columns, by name.
struct PlotRequest {
  std::string x;
  std::string y;
  std::string series;  // empty: one series
  bool log_x = false;
  bool log_y = false;
};

/// Rows as points. Texts of a number and one unit ("200 Gbps") are numbers, other texts of x stand
/// side by side; rows without a number for y are left out. Throws Error if a column is not there or
/// nothing can be drawn.
[[nodiscard]] Plot plot_of(const StoreTable& table, const PlotRequest& request);

}  // namespace fleetwright
