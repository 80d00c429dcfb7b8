#pragma once

#include "sim/estimator.hpp"

namespace fleetwright {

/// SimGrid's fluid network model: flows that cross the same link at the same time share it max-min
/// fairly.
class SimulatedEstimator : public Estimator {
 public:
  using Estimator::Estimator;
  using Estimator::run;
  [[nodiscard]] std::string_view name() const override { return "simgrid"; }
  /// Forks: SimGrid's clock and platform are global. Throws Error if the simulation cannot end or
  /// its process dies.
  [[nodiscard]] ColumnRun run(ColumnStep& step, const RunPlan& plan) const override;
};

}  // namespace fleetwright
