#pragma once

#include <string>
#include <vector>

#include "planner/cost/size_sweep.hpp"
#include "planner/report.hpp"

namespace fleetwright {

/// What the board report tells of.
struct BoardInput {
  const Report& report;
  const CostReport& cost;
  std::vector<SizePoint> sizes;  // may be empty: then there is no chart of time against cost
};

/// The money of a scenario as one HTML file that needs nothing else: no network, no script. Its
/// first page stands by itself; the others itemise, explain and name sources. Made to be read on a
/// screen, by a screen reader, and on A4.
[[nodiscard]] std::string board_report(const BoardInput& input);

}  // namespace fleetwright
