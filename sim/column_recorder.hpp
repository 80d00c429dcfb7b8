#pragma once

#include "sim/column_run.hpp"
#include "sim/column_step.hpp"

namespace fleetwright {

/// Keeps what a RunPlan asks for while an engine runs a ColumnStep.
class ColumnRecorder {
 public:
  /// The step must outlive this.
  ColumnRecorder(const ColumnStep& step, const RunPlan& plan);

  /// All times between are seconds of the engine's clock.
  void begin_step(double now);
  void ran(TaskId task, int column, double start, double end);
  void carried(LinkId link, Bytes bytes);
  void was_busy(LinkId link, Seconds time);
  /// The next step is not recorded, but for its length.
  void end_step(double now);
  [[nodiscard]] ColumnRun take();

 private:
  [[nodiscard]] bool records() const { return run_.steps.empty(); }

  const ColumnStep& step_;
  int recorded_;
  double begun_ = 0;
  ColumnRun run_;
  std::vector<LinkTraffic> links_;  // of every link of the fabric
};

}  // namespace fleetwright
