#pragma once

#include <string>

#include "planner/search/plan_search.hpp"

namespace fleetwright {

/// {schema "fleetwright.plan/1", best, plans[] (each a report), pareto[] (indices), searched}.
[[nodiscard]] std::string plan_json(const PlanAnswer& answer);

/// The plans side by side, what was searched and why the others lost, for a terminal.
[[nodiscard]] std::string plan_table(const PlanAnswer& answer);
[[nodiscard]] std::string plan_markdown(const PlanAnswer& answer);
[[nodiscard]] std::string plan_csv(const PlanAnswer& answer);

}  // namespace fleetwright
