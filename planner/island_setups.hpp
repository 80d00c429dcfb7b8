#pragma once

#include <vector>

#include "planner/scenario.hpp"

namespace fleetwright {

/// What a scenario's job is on each of its islands by itself: the cluster's own setup first. Their
/// strategies give the global batch alone.
[[nodiscard]] std::vector<IslandPart> island_setups(const Scenario& scenario);

}  // namespace fleetwright
