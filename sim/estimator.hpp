#pragma once

#include <string_view>
#include <utility>

#include "sim/column_run.hpp"
#include "sim/column_step.hpp"
#include "sim/run_control.hpp"

namespace fleetwright {

/// Runs step programs and says when each task ran.
class Estimator {
 public:
  explicit Estimator(RunControl control = {}) : control_(std::move(control)) {}
  virtual ~Estimator() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Times from 0. Without contention all estimators agree to 1e-6. Throws Interrupted if it is
  /// stopped before the first step is done.
  [[nodiscard]] virtual ColumnRun run(ColumnStep& step, const RunPlan& plan) const = 0;
  /// One step of a program by itself.
  [[nodiscard]] Timeline run(const StepProgram& program, const Fabric& fabric) const;

 protected:
  [[nodiscard]] const RunControl& control() const { return control_; }

 private:
  RunControl control_;
};

/// The longest path through the program: each transfer has its links to itself.
class AnalyticEstimator : public Estimator {
 public:
  using Estimator::Estimator;
  using Estimator::run;
  [[nodiscard]] std::string_view name() const override { return "analytic"; }
  /// Ends the process with a bug report if the program has a cycle.
  [[nodiscard]] ColumnRun run(ColumnStep& step, const RunPlan& plan) const override;
};

}  // namespace fleetwright
