#pragma once

#include <vector>

#include "planner/output/report_layout.hpp"

namespace fleetwright {

/// Tables that a simulation of all GPUs adds for people: ranks, the latest columns, the fullest
/// links.
[[nodiscard]] std::vector<LayoutTable> simulation_tables(const Report& report);

}  // namespace fleetwright
