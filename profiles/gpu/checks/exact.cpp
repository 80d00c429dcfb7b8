#include "profiles/gpu/checks/exact.hpp"

#include <algorithm>
#include <cmath>

namespace fleetwright::gpu {

CheckResult compare_rounded(std::string what, const std::vector<double>& got,
                            const std::vector<double>& expected, double tolerance,
                            double (*round)(double)) {
  double wrong = got.size() == expected.size() ? 0 : 1;
  for (std::size_t i = 0; i < got.size() && i < expected.size(); ++i) {
    if (std::isnan(expected[i])) {
      if (!std::isnan(got[i])) ++wrong;
      continue;
    }
    const auto [low, high] =
        std::minmax({round(expected[i] * (1 - tolerance)), round(expected[i] * (1 + tolerance))});
    if (!(got[i] >= low && got[i] <= high)) ++wrong;
  }
  return {std::move(what), wrong, 0};
}

}  // namespace fleetwright::gpu
