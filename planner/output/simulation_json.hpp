#pragma once

#include <nlohmann/json_fwd.hpp>

#include "planner/report.hpp"

namespace fleetwright {

/// Adds "simulation" and "ranks" to the document of a report that has a simulation.
void add_simulation(const Report& report, nlohmann::ordered_json& document);

}  // namespace fleetwright
