#include "sim/checkpoint_interval.hpp"

#include <cmath>

#include "models/core/error.hpp"

namespace fleetwright {

Seconds young_interval(Seconds cost, Seconds between) {
  return Seconds{std::sqrt(2 * cost.si() * between.si())};
}

Seconds daly_interval(Seconds cost, Seconds between) {
  if (cost >= 2 * between) return between;
  const double x = std::sqrt(cost / (2 * between));
  return young_interval(cost, between) * (1 + x / 3 + x * x / 9) - cost;
}

Seconds exact_interval(Seconds cost, Seconds between) {
  const double c = cost / between;
  double low = 0;
  double high = 1;
  // The left side falls from e^c to 0 between 0 and 1; 60 halvings reach the last bit.
  for (int i = 0; i < 60; ++i) {
    const double y = (low + high) / 2;
    (y + c + std::log1p(-y) > 0 ? low : high) = y;
  }
  return between * low;
}

Seconds checkpoint_interval(IntervalRule rule, Seconds cost, Seconds between) {
  switch (rule) {
    case IntervalRule::young:
      return young_interval(cost, between);
    case IntervalRule::daly:
      return daly_interval(cost, between);
    case IntervalRule::exact:
      return exact_interval(cost, between);
  }
  fail_invariant("IntervalRule", "unknown value");
}

}  // namespace fleetwright
