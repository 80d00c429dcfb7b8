#pragma once

#include "sim/estimator.hpp"

namespace fleetwright {

/// SimGrid's fluid network model: flows that cross the same link at the same time share it max-min
/// fairly.
class SimulatedEstimator : public Estimator {
 public:
  [[nodiscard]] std::string_view name() const override { return "simgrid"; }
  /// Forks: SimGrid's clock and platform are global. Throws Error if the simulation cannot end or
  /// its process dies.
  [[nodiscard]] Timeline run(const StepProgram& program, const Fabric& fabric) const override;
};

}  // namespace fleetwright
