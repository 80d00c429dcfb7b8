#pragma once

#include <vector>

#include "planner/report.hpp"

namespace fleetwright {

/// What each island does in a step of a job that is spread over them.
[[nodiscard]] std::vector<IslandReport> island_reports(const IslandJob& job,
                                                       const IslandEstimate& estimate);

/// Adds to a report whose run and phases are known what each island fails, draws and costs, and the
/// sums. A sum has a value if each island has.
void add_island_money_and_energy(Report& report);

}  // namespace fleetwright
