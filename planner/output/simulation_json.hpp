#pragma once

#include <string>

#include "planner/report.hpp"

namespace fleetwright {

/// What a simulation adds to the JSON document of its report: an object with "simulation" and
/// "ranks". The report must have one.
[[nodiscard]] std::string simulation_json(const Report& report);

}  // namespace fleetwright
