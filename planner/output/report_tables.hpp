#pragma once

#include <vector>

#include "planner/output/report_layout.hpp"

namespace fleetwright {

/// Tables for people: the fullest links, and where all GPUs were simulated the ranks and the latest
/// columns.
[[nodiscard]] std::vector<LayoutTable> report_tables(const Report& report);

}  // namespace fleetwright
