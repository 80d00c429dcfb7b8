#pragma once

#include <simgrid/s4u.hpp>

#include "sim/column_step.hpp"

namespace fleetwright {

/// The units in which a step is told to SimGrid. Powers of two keep all ratios exact.
struct EngineUnits {
  /// Of SimGrid's clock. A comm of one peer begins a tick late, because SimGrid shares a link by
  /// weights of 1 / latency; its solver takes small differences of these weights for nothing, so
  /// that they have to be about 1.
  double ticks_per_second = 1;
  /// Comms count whole numbers, and a byte of a fluid flow is not whole.
  double units_per_byte = 1;
};

/// For a step, or several, that end at that time at the earliest.
[[nodiscard]] EngineUnits units_of(const ColumnStep& step, Seconds end);

/// The engine with every option that matters.
[[nodiscard]] simgrid::s4u::Engine make_engine();

}  // namespace fleetwright
