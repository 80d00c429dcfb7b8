#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/search/plan_search.hpp"
#include "planner/search/plan_tornado.hpp"

namespace fleetwright {

/// {schema "fleetwright.plan/1", best, plans[] (each a report), pareto[] (indices), runner_up,
/// notes[], procurement[], searched}.
[[nodiscard]] std::string plan_json(const PlanAnswer& answer);

/// The same with "tornado" [{what, low, high}], each end with factor, days, best and source.
[[nodiscard]] std::string plan_json(const PlanAnswer& answer,
                                    const std::vector<PlanSwing>& tornado);
[[nodiscard]] std::string tornado_table(const PlanAnswer& answer,
                                        const std::vector<PlanSwing>& tornado,
                                        std::string_view format);

/// The plans side by side, what was searched and why the others lost, for a terminal.
[[nodiscard]] std::string plan_table(const PlanAnswer& answer);
[[nodiscard]] std::string plan_markdown(const PlanAnswer& answer);
[[nodiscard]] std::string plan_csv(const PlanAnswer& answer);

}  // namespace fleetwright
