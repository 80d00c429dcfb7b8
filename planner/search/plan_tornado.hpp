#pragma once

#include <string>
#include <vector>

#include "models/core/provenance.hpp"
#include "planner/search/plan_search.hpp"

namespace fleetwright {

/// What one assumption does to an answer.
struct PlanSwing {
  /// One end of an assumption.
  struct End {
    Sourced<double> factor;
    double days = 0;             // of the best plan
    std::size_t best = 0;        // which of the plans would be the fastest
    double days_of_fastest = 0;  // that one's
  };
  std::string what;
  End low, high;

  [[nodiscard]] double width() const;
};

/// Times the plans of an answer again, by longest path, at both ends of each assumption of
/// planner/data/plan_assumptions.toml that touches them: how far the best plan's days move, and
/// whether another plan would win. Widest first.
[[nodiscard]] std::vector<PlanSwing> plan_tornado(const PlanAnswer& answer,
                                                  const RunControl& control);

}  // namespace fleetwright
