#pragma once

#include <span>

namespace fleetwright::gpu {

/// What is kept of many timings of one thing.
struct Summary {
  double median = 0;
  double p10 = 0;
  double p90 = 0;
  int count = 0;
  /// Half the width of the median's 95 % confidence interval, over the median; by order statistics
  /// (Hahn and Meeker 1991, section 5.2), so whatever the distribution. Infinite below 6 values,
  /// too few for such an interval.
  double relative_error = 0;
};

/// Percentiles interpolate between the nearest ranks. Of nothing: all zero, an infinite error.
[[nodiscard]] Summary summarize(std::span<const double> values);

}  // namespace fleetwright::gpu
