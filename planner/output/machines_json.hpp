#pragma once

#include <string>

#include "planner/report.hpp"

namespace fleetwright {

/// The "cluster" of a report: one, or the islands of a job with what each does, fails, draws and
/// costs.
[[nodiscard]] std::string machines_json(const Report& report);

/// The "energy" of a report.
[[nodiscard]] std::string energy_json(const Report& report);

}  // namespace fleetwright
