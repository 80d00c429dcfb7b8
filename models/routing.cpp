#include "models/routing.hpp"

#include <algorithm>

namespace fleetwright {

double expected_places_reached(const MixtureOfExperts& moe, double places) {
  if (places <= 1) return 1;
  const double eligible_share = static_cast<double>(moe.groups_active) / moe.groups;
  const double eligible = moe.experts * eligible_share;
  // Groups coincide with places or contain several of them, or a place holds several groups.
  const double eligible_places = std::max(1.0, places * eligible_share);
  const double at_one_place = eligible / eligible_places;
  double none_there = 1.0;
  for (int i = 0; i < moe.active; ++i) {
    none_there *= std::max(0.0, (eligible - at_one_place - i) / (eligible - i));
  }
  return eligible_places * (1.0 - none_there);
}

}  // namespace fleetwright
