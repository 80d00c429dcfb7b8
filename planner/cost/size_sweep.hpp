#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/scenario.hpp"

namespace fleetwright {

/// The run of a scenario on more or fewer machines.
struct SizePoint {
  int accelerators = 0;
  double days = 0;  // all phases
  std::optional<double> rented_usd;
  std::optional<double> owned_usd;
  bool asked = false;  // the size that the scenario has
};

/// The same batch and strategy on an eighth to eight times the accelerators, by more or fewer
/// data-parallel replicas; in closed form, at typical prices. Sizes that break a rule of the
/// scenario or do not fit in memory are left out. `settings` are those the scenario was read with.
[[nodiscard]] std::vector<SizePoint> size_sweep(const Scenario& scenario,
                                                const std::vector<std::string>& settings);

}  // namespace fleetwright
