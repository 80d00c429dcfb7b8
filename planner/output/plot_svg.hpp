#pragma once

#include <string>
#include <vector>

namespace fleetwright {

/// A point of a plot; `label` is shown when the mouse rests on it.
struct PlotPoint {
  double x = 0;
  double y = 0;
  std::string label;
};

/// Points that belong together: one colour, joined in the order of x.
struct PlotSeries {
  std::string name;
  std::vector<PlotPoint> points;
};

/// Points over two axes.
struct Plot {
  std::string x_title;
  std::string y_title;
  bool log_x = false;  // then every x is above zero
  bool log_y = false;
  std::vector<std::string> x_words;  // where x is not a number: the word of x = 0, 1, 2, ...
  std::vector<PlotSeries> series;
};

/// Draws it as SVG. Every number must be finite; all text is escaped.
[[nodiscard]] std::string plot_svg(const Plot& plot);

}  // namespace fleetwright
