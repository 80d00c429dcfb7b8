#pragma once

#include <string>
#include <vector>

#include "planner/export_control.hpp"
#include "planner/scenario.hpp"
#include "sim/run_control.hpp"

namespace fleetwright {

/// A part that is held back: each quantity as a share of the whole part's.
struct Design {
  double compute = 1;
  double memory = 1;  // bandwidth
  double scale_up = 1;
  ExportVerdict verdict;
  double days = 0;       // of the run, best strategy, without failures; infinite if nothing fits
  std::string bound_by;  // what its critical path spends most time in
};

/// What a designer of accelerators learns from a rule set and a job.
struct DesignAnswer {
  Date date;
  std::string destination;
  Design whole;  // the scenario's part as it is
  std::vector<Design>
      allowed;  // that need no licence, and no other is better in all; fastest first
  /// The best design's shares one at a time, the others whole: what each costs.
  std::vector<Design> alone;
};

/// The best accelerators just under the limits of the rules of [procurement], made from the
/// scenario's part by holding back compute, memory bandwidth or the scale-up link, for its job on
/// as many of them. Throws Infeasible without [procurement], if the rules know no such part, or if
/// no held-back part is free.
[[nodiscard]] DesignAnswer search_designs(const Scenario& scenario, const RunControl& control);

}  // namespace fleetwright
