#include "sim/columns.hpp"

#include <numeric>

#include "models/core/error.hpp"

namespace fleetwright {

// Tensor and context groups are tp x cp consecutive GPUs, expert groups etp x ep
// (models/rank_grid).
ColumnLayout lay_out_columns(const ParallelStrategy& strategy) {
  ColumnLayout layout;
  layout.stage_ranks = strategy.tp * strategy.cp * strategy.dp;
  layout.width = std::lcm(strategy.tp * strategy.cp, strategy.etp * strategy.ep);
  ensure(layout.stage_ranks % layout.width == 0, "a stage is not a whole number of columns");
  layout.count = layout.stage_ranks / layout.width;
  return layout;
}

}  // namespace fleetwright
