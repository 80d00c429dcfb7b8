#pragma once

#include "planner/scenario.hpp"
#include "planner/search/plan_search.hpp"

namespace fleetwright {

/// The fewest accelerators of a scenario's cluster that train it in so many days, by longest path
/// and without failures, of sizes that divide well (nodes without a prime factor above 5). Throws
/// Infeasible if `most` do not, with how long they take.
[[nodiscard]] int smallest_fleet(const Scenario& scenario, double days, int most,
                                 Searched& searched, const RunControl& control,
                                 CandidateMemory* memory = nullptr);

/// Plans of the fewest that train it in so many days, failures included: larger sizes are tried
/// while these make the run too long, up to `most`. `searched` is raised by what was looked at to
/// find the size. Throws as smallest_fleet() and search_plans() do.
[[nodiscard]] PlanAnswer plan_smallest_fleet(const Scenario& scenario, const PlanQuestion& question,
                                             double days, int most, Searched& searched,
                                             const Estimator& estimator, const RunControl& control);

/// The next size above one that divides well.
[[nodiscard]] int next_size(const Cluster& cluster, int gpus);

}  // namespace fleetwright
