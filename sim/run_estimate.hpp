#pragma once

#include <optional>

#include "models/core/quantity.hpp"

namespace fleetwright {

/// What interrupts a run and what that costs.
struct Reliability {
  double failures_per_node_day = 0;
  Seconds checkpoint_write;  // training stands still for it
  Seconds restart;           // from the failure to the first new step: detection, reload, warm-up
  std::optional<Seconds> checkpoint_interval;  // default: Young and Daly's optimum
};

/// A whole run: the steps, and what failures add.
struct RunEstimate {
  double tokens = 0;
  double steps = 0;
  Seconds training;  // steps x step time
  Seconds wall;      // training / goodput
  double goodput = 1;
  std::optional<double> failures_expected;
  std::optional<Seconds> checkpoint_interval;
};

/// Closed form: goodput from the checkpoint interval, the rate of failures and the cost of each
/// (Young 1974; Daly, FGCS 22 (2006) 303). Without `reliability` nothing fails and no checkpoint
/// costs.
[[nodiscard]] RunEstimate estimate_run(double tokens, double tokens_per_step, Seconds step_time,
                                       int nodes, const std::optional<Reliability>& reliability);

}  // namespace fleetwright
