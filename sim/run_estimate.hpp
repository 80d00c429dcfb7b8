#pragma once

#include <optional>

#include "models/core/quantity.hpp"
#include "sim/reliability.hpp"

namespace fleetwright {

/// A whole run: the steps, and what failures, checkpoints and slow parts add.
struct RunEstimate {
  double tokens = 0;
  double steps = 0;
  Seconds training;             // steps x step time
  Seconds wall;                 // infinite where the run makes no progress
  double goodput = 1;           // training / wall
  double ettr = 1;              // time in steps that count, slow ones as long as they take, / wall
  Seconds stopped;              // of the wall time: restarts, and waits for a node
  double waiting_fraction = 0;  // of the wall time, for a node where all spares are in repair
  std::optional<double> failures_expected;  // unplanned stops
  std::optional<double> planned_expected;   // planned stops and replacements of slow nodes
  std::optional<Seconds> checkpoint_interval;
  std::optional<Seconds> time_between_failures;
};

/// Work between checkpoints: the scenario's or the rule's, in whole steps, at least one and not
/// shorter than an upload. Nothing where nothing fails and no interval is asked for.
[[nodiscard]] std::optional<Seconds> planned_interval(const Reliability& reliability,
                                                      Seconds step_time);

/// Closed form of the mean. Exact for failures alone (Daly, FGCS 22 (2006) 303, equation 20, with
/// a last partial segment) and for spares in the steady state (Erlang 1917); slow parts enter as
/// their mean in the steady state. Without `reliability` nothing fails and no checkpoint costs.
[[nodiscard]] RunEstimate estimate_run(double tokens, double tokens_per_step, Seconds step_time,
                                       const std::optional<Reliability>& reliability);

}  // namespace fleetwright
