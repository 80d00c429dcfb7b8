#pragma once

#include <string_view>

#include "sim/fabric.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// Runs a step program and says when each task ran.
class Estimator {
 public:
  virtual ~Estimator() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Times from 0. Without contention all estimators agree to 1e-6.
  [[nodiscard]] virtual Timeline run(const StepProgram& program, const Fabric& fabric) const = 0;
};

/// The longest path through the program: each transfer has its links to itself.
class AnalyticEstimator : public Estimator {
 public:
  [[nodiscard]] std::string_view name() const override { return "analytic"; }
  /// Ends the process with a bug report if the program has a cycle.
  [[nodiscard]] Timeline run(const StepProgram& program, const Fabric& fabric) const override;
};

}  // namespace fleetwright
