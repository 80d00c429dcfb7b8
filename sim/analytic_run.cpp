#include "sim/analytic_run.hpp"

#include <algorithm>

#include "sim/column_recorder.hpp"
#include "sim/program_order.hpp"

namespace fleetwright {
namespace {

/// One step after another, column beside column.
class AnalyticRun {
 public:
  AnalyticRun(ColumnStep& step, const RunPlan& plan, const RunControl& control)
      : step_(step),
        control_(control),
        successors_(step.program().successors()),
        order_(order_of(step.program(), successors_)),
        recorder_(step, plan),
        columns_(static_cast<std::size_t>(step.columns())) {}

  ColumnRun run(int steps) {
    for (int n = 0; n < steps && !control_.stops(); ++n) {
      control_.done(static_cast<double>(n) / steps);
      step_.draw(n);
      start_.assign(step_.program().tasks().size() * columns_, 0.0);
      end_of_step_ = 0;
      recorder_.begin_step(0);
      for (const TaskId task : order_) run_task(task);
      recorder_.end_step(end_of_step_);
    }
    return recorder_.take();
  }

 private:
  double& start(TaskId task, std::size_t column) { return start_[task * columns_ + column]; }

  void run_task(TaskId task) {
    if (!step_.joins(task)) {
      for (std::size_t column = 0; column < columns_; ++column) {
        end(task, column, end_alone(task, column));
      }
      return;
    }
    double begun = 0;
    for (std::size_t column = 0; column < columns_; ++column) {
      begun = std::max(begun, start(task, column));
    }
    double last = 0;
    for (std::size_t column = 0; column < columns_; ++column) {
      start(task, column) = begun;
      last = std::max(last, end_alone(task, column));
    }
    for (std::size_t column = 0; column < columns_; ++column) end(task, column, last);
  }

  double end_alone(TaskId task, std::size_t column) {
    const int c = static_cast<int>(column);
    step_.flows_of(task, c, flows_);
    Seconds longest;
    for (const FlowOnLinks& flow : flows_) {
      const Seconds alone = flow.bytes / bandwidth_of(step_.links(), flow.uses);
      longest = std::max(longest, alone);
      for (const LinkUse& use : flow.uses) {
        recorder_.carried(use.link, flow.bytes * use.weight);
        recorder_.was_busy(use.link, alone);
      }
    }
    return start(task, column) + step_.delay(task, c).si() + longest.si();
  }

  void end(TaskId task, std::size_t column, double time) {
    recorder_.ran(task, static_cast<int>(column), start(task, column), time);
    end_of_step_ = std::max(end_of_step_, time);
    for (auto i = successors_.first[task]; i < successors_.first[task + 1]; ++i) {
      double& later = start(successors_.task[i], column);
      later = std::max(later, time);
    }
  }

  ColumnStep& step_;
  const RunControl& control_;
  StepProgram::Successors successors_;
  std::vector<TaskId> order_;
  ColumnRecorder recorder_;
  std::size_t columns_;
  std::vector<double> start_;  // task by task, column by column
  std::vector<FlowOnLinks> flows_;
  double end_of_step_ = 0;
};

}  // namespace

ColumnRun run_analytic(ColumnStep& step, const RunPlan& plan, const RunControl& control) {
  return AnalyticRun(step, plan, control).run(plan.steps);
}

}  // namespace fleetwright
