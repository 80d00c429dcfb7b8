#pragma once

#include <string_view>

#include "sim/column_run.hpp"
#include "sim/column_step.hpp"

namespace fleetwright {

/// Runs step programs and says when each task ran.
class Estimator {
 public:
  virtual ~Estimator() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Times from 0. Without contention all estimators agree to 1e-6.
  [[nodiscard]] virtual ColumnRun run(ColumnStep& step, const RunPlan& plan) const = 0;
  /// One step of a program by itself.
  [[nodiscard]] Timeline run(const StepProgram& program, const Fabric& fabric) const;
};

/// The longest path through the program: each transfer has its links to itself.
class AnalyticEstimator : public Estimator {
 public:
  using Estimator::run;
  [[nodiscard]] std::string_view name() const override { return "analytic"; }
  /// Ends the process with a bug report if the program has a cycle.
  [[nodiscard]] ColumnRun run(ColumnStep& step, const RunPlan& plan) const override;
};

}  // namespace fleetwright
