#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/cost/size_sweep.hpp"
#include "planner/report.hpp"

namespace fleetwright {

/// The money of a report: "table", "md", "csv" (one row a line of the bill), "html" (board_report)
/// and "json" (cost_json). Only the board report shows other `sizes`.
[[nodiscard]] std::string print_cost(const Report& report, const CostReport& cost,
                                     std::string_view format,
                                     const std::vector<SizePoint>& sizes = {});

/// The JSON document, schema fleetwright.cost/1. Every amount stands beside the inputs it rests on,
/// each with its sources, or beside the names of lines that do.
[[nodiscard]] std::string cost_json(const Report& report, const CostReport& cost);

/// The `cost` of a report's document: the range of each scope, null where the scenario gives no
/// basis. Without [cost] the rent has no range either.
[[nodiscard]] std::string cost_ranges_json(const Report& report);

}  // namespace fleetwright
