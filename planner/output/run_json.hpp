#pragma once

#include <string>

#include "planner/report.hpp"

namespace fleetwright {

/// The "run" of a report's JSON document: an object.
[[nodiscard]] std::string run_json(const Report& report);

}  // namespace fleetwright
