#pragma once

#include "models/core/quantity.hpp"
#include "sim/reliability.hpp"

namespace fleetwright {

/// Work between two checkpoints that costs least, where one costs `cost` and failures come
/// `between` apart on average (exponentially).

/// Young, CACM 17 (1974) 530: sqrt(2 C M). For C far below M.
[[nodiscard]] Seconds young_interval(Seconds cost, Seconds between);

/// Daly, FGCS 22 (2006) 303, equation 37: three terms of the optimum's expansion; M from C = 2 M
/// on.
[[nodiscard]] Seconds daly_interval(Seconds cost, Seconds between);

/// The minimum of Daly's complete model (his equation 20), to which the two above are
/// approximations: the root of exp((t + C) / M) (1 - t / M) = 1.
[[nodiscard]] Seconds exact_interval(Seconds cost, Seconds between);

[[nodiscard]] Seconds checkpoint_interval(IntervalRule rule, Seconds cost, Seconds between);

}  // namespace fleetwright
