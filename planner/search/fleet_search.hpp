#pragma once

#include "planner/search/plan_search.hpp"

namespace fleetwright {

/// Plans for a scenario with islands: the best of each island alone, and the best ways to spread
/// the job over all of them, as one pipeline and as replicas. Notes say what each island does
/// alone, what separate jobs on them would train together, and why mixed plans win or lose.
/// Each island fails as its records say, in a mixed job and alone. Throws Infeasible as
/// search_plans() does.
[[nodiscard]] PlanAnswer search_fleet(const Scenario& scenario, const PlanQuestion& question,
                                      const Estimator& estimator, const RunControl& control);

}  // namespace fleetwright
