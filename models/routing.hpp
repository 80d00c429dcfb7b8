#pragma once

#include "models/model_config.hpp"

namespace fleetwright {

/// How many distinct places (ranks, nodes) a token's active experts lie in on average, when the
/// experts are spread evenly over `places` and each choice of experts is equally likely:
/// hypergeometric. With group-limited routing the choice is among the experts of `groups_active` of
/// `groups` groups.
[[nodiscard]] double expected_places_reached(const MixtureOfExperts& moe, double places);

}  // namespace fleetwright
