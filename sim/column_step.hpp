#pragma once

#include <functional>
#include <span>
#include <vector>

#include "sim/fabric.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// A flow as an engine starts it.
struct FlowOnLinks {
  Bytes bytes;
  std::span<const LinkUse> uses;
  double peers = 1;
};

/// One step program on several columns of a cluster at once, as engines run it: what the columns
/// have in common is stored once, what differs is asked for task by task.
class ColumnStep {
 public:
  virtual ~ColumnStep() = default;

  [[nodiscard]] virtual const StepProgram& program() const = 0;
  /// All there are, at the speed they run at, slow ones too.
  [[nodiscard]] virtual const std::vector<FabricLink>& links() const = 0;
  [[nodiscard]] virtual int columns() const = 0;
  /// Whether the columns do a task together: it begins when the last of them is ready, and ends
  /// everywhere when its last flow does.
  [[nodiscard]] virtual bool joins(TaskId task) const = 0;
  /// Of kernels the whole duration, of a transfer what comes before its flows; in the step that was
  /// drawn last.
  [[nodiscard]] virtual Seconds delay(TaskId task, int column) const = 0;
  /// Replaces what is in `flows`. Spans stay valid as long as this.
  virtual void flows_of(TaskId task, int column, std::vector<FlowOnLinks>& flows) const = 0;
  /// Visits each flow that any task can start, with its lane, at its largest.
  using VisitFlow = std::function<void(int column, std::uint32_t lane, const FlowOnLinks&)>;
  virtual void for_each_flow(const VisitFlow& visit) const = 0;
  /// Draws what is random in a step.
  virtual void draw(int step) = 0;
};

/// A program by itself: one column, nothing random.
class SingleColumn : public ColumnStep {
 public:
  /// Both must outlive this.
  SingleColumn(const StepProgram& program, const std::vector<FabricLink>& links)
      : program_(program), links_(links) {}
  SingleColumn(const StepProgram& program, const Fabric& fabric)
      : SingleColumn(program, fabric.links()) {}

  [[nodiscard]] const StepProgram& program() const override { return program_; }
  [[nodiscard]] const std::vector<FabricLink>& links() const override { return links_; }
  [[nodiscard]] int columns() const override { return 1; }
  [[nodiscard]] bool joins(TaskId /*task*/) const override { return false; }
  [[nodiscard]] Seconds delay(TaskId task, int /*column*/) const override {
    return program_.tasks()[task].delay;
  }
  void flows_of(TaskId task, int column, std::vector<FlowOnLinks>& flows) const override;
  void for_each_flow(const VisitFlow& visit) const override;
  void draw(int /*step*/) override {}

 private:
  const StepProgram& program_;
  const std::vector<FabricLink>& links_;
};

}  // namespace fleetwright
