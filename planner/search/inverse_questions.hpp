#pragma once

#include "planner/search/plan_search.hpp"

namespace fleetwright {

/// Answers what a plan is asked for: the best strategy of a cluster or of several islands; the
/// fewest accelerators that meet a deadline; as many as a facility feeds; the most tokens that a
/// budget trains. Throws Infeasible with what is lacking and by how much.
[[nodiscard]] PlanAnswer answer_question(const Scenario& scenario, const PlanQuestion& question,
                                         const Estimator& estimator, const RunControl& control);

}  // namespace fleetwright
