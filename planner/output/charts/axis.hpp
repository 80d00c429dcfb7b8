#pragma once

#include <string>
#include <vector>

namespace fleetwright {

/// Maps values to a stretch of a picture. A logarithmic one needs values above 0.
class Axis {
 public:
  enum class Scale { linear, logarithmic };

  /// From `low` to `high` in values, between `from` and `to` in the picture. Bounds are widened so
  /// that they are never equal.
  Axis(double low, double high, double from, double to, Scale scale = Scale::linear);

  [[nodiscard]] double at(double value) const;
  /// Round values within the bounds, about `count` of them; a logarithmic axis has 1, 2, 5 or the
  /// decades alone.
  [[nodiscard]] std::vector<double> ticks(int count) const;

 private:
  double low_;
  double high_;
  double from_;
  double to_;
  Scale scale_;
};

/// Money in three digits without trailing zeros: "$5.5 M", "-$300 K", "$2.1 B".
[[nodiscard]] std::string short_usd(double usd);

}  // namespace fleetwright
