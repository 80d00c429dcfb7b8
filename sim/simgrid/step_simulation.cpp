#include "sim/simgrid/step_simulation.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "models/core/error.hpp"
#include "sim/analytic_run.hpp"
#include "sim/column_recorder.hpp"
#include "sim/program_cycle.hpp"
#include "sim/simgrid/fabric_zone.hpp"
#include "sim/simgrid/flow_network.hpp"
#include "sim/simgrid/heap_model.hpp"
#include "sim/simgrid/simgrid_engine.hpp"

namespace fleetwright {

namespace {

namespace s4u = simgrid::s4u;

/// Thrown through SimGrid when the run is to stop.
struct Stopped {};

// Tasks between two looks at the control: a few milliseconds.
constexpr std::size_t tasks_between_looks = 4096;

/// The state of a run: maestro alone, without actors. A task is a delay, which is an alarm, then
/// its flows. Of finished tasks nothing is kept; a column has one running task a lane.
class StepSimulation {
 public:
  StepSimulation(ColumnStep& step, const RunPlan& plan, const RunControl& control,
                 const EngineUnits& units)
      : step_(step),
        plan_(plan),
        control_(control),
        program_(step.program()),
        columns_(static_cast<std::size_t>(step.columns())),
        units_(units),
        engine_(make_engine()),
        recorder_(step, plan),
        zone_(new FabricZone(step, units)),  // the engine's from now on
        alarms_(std::make_shared<HeapModel>(
            [this](const AlarmSubject& subject, double time) { ring(subject, time); })),
        network_(step.links(), *zone_, *alarms_, recorder_, units,
                 [this](const FlowOwner& owner, double time) { flow_ended(owner, time); }),
        successors_(program_.successors()),
        running_(columns_ * program_.lanes().size()),
        waiting_(columns_ * program_.tasks().size()) {
    for (TaskId task = 0; task < program_.tasks().size(); ++task) {
      joint_of_.push_back(step.joins(task) ? static_cast<std::int32_t>(joints_.size()) : -1);
      if (joint_of_.back() >= 0) joints_.emplace_back();
    }
    engine_.add_model(alarms_);
    s4u::Engine::on_time_advance_cb([this](double /*elapsed*/) {
      network_.release_ended();
      alarms_->ring_due();
    });
    s4u::Activity::on_completion_cb(
        [this](const s4u::Activity& comm) { network_.comm_ended(comm); });
  }

  ColumnRun run() {
    try {
      begin_step(0);
      engine_.run();
    } catch (const Stopped&) {
      return recorder_.take();
    }
    if (steps_done_ < plan_.steps) {
      throw Error(fmt::format("SimGrid stopped at {} s, when {} of {} tasks of a step had ended",
                              seconds(s4u::Engine::get_clock()), tasks_ended_,
                              columns_ * program_.tasks().size()));
    }
    return recorder_.take();
  }

 private:
  /// The task that a lane of a column runs.
  struct Running {
    double start = 0;
    std::uint32_t open_flows = 0;
  };
  /// A task that all columns do together.
  struct Joint {
    std::size_t ready = 0;     // columns
    std::size_t starting = 0;  // columns that still wait for their delay
    std::uint32_t open_flows = 0;
  };

  [[nodiscard]] double seconds(double ticks) const { return ticks / units_.ticks_per_second; }

  Running& running(TaskId task, std::size_t column) {
    return running_[column * program_.lanes().size() + program_.tasks()[task].lane];
  }

  void look_at_control() {
    tasks_since_look_ = 0;
    if (control_.stops()) throw Stopped{};
    const auto all = static_cast<double>(columns_ * program_.tasks().size());
    control_.done((steps_done_ + static_cast<double>(tasks_ended_) / all) / plan_.steps);
  }

  void begin_step(double now) {
    step_.draw(steps_done_);
    recorder_.begin_step(seconds(now));
    tasks_ended_ = 0;
    std::ranges::fill(joints_, Joint{});
    const std::vector<std::uint32_t>& count = successors_.dependency_count;
    for (std::size_t column = 0; column < columns_; ++column) {
      std::ranges::copy(count,
                        waiting_.begin() + static_cast<std::ptrdiff_t>(column * count.size()));
    }
    for (TaskId task = 0; task < count.size(); ++task) {
      for (std::size_t column = 0; count[task] == 0 && column < columns_; ++column) {
        ready(task, column, now);
      }
    }
  }

  void ready(TaskId task, std::size_t column, double now) {
    if (joint_of_[task] < 0) return begin(task, column, now);
    Joint& joint = joints_[static_cast<std::size_t>(joint_of_[task])];
    if (++joint.ready < columns_) return;
    joint.starting = columns_;
    for (std::size_t each = 0; each < columns_; ++each) begin(task, each, now);
  }

  void begin(TaskId task, std::size_t column, double now) {
    running(task, column) = {now, 0};
    const int c = static_cast<int>(column);
    alarms_->set_alarm(now + step_.delay(task, c).si() * units_.ticks_per_second,
                       {AlarmSubject::Kind::task, c, task, 0});
  }

  void ring(const AlarmSubject& subject, double time) {
    if (subject.kind == AlarmSubject::Kind::flow) {
      network_.alarm(subject, time);
    } else {
      start_flows(subject.index, static_cast<std::size_t>(subject.column), time);
    }
  }

  void start_flows(TaskId task, std::size_t column, double time) {
    const int c = static_cast<int>(column);
    step_.flows_of(task, c, flows_);
    std::uint32_t started = 0;
    for (const FlowOnLinks& flow : flows_) {
      if (network_.start({task, c}, flow, time)) ++started;
    }
    if (joint_of_[task] < 0) {
      running(task, column).open_flows = started;
      if (started == 0) end(task, column, time);
      return;
    }
    Joint& joint = joints_[static_cast<std::size_t>(joint_of_[task])];
    joint.open_flows += started;
    --joint.starting;
    end_if_over(task, joint, time);
  }

  void flow_ended(const FlowOwner& owner, double time) {
    if (joint_of_[owner.task] < 0) {
      const auto column = static_cast<std::size_t>(owner.column);
      if (--running(owner.task, column).open_flows == 0) end(owner.task, column, time);
      return;
    }
    Joint& joint = joints_[static_cast<std::size_t>(joint_of_[owner.task])];
    --joint.open_flows;
    end_if_over(owner.task, joint, time);
  }

  void end_if_over(TaskId task, const Joint& joint, double time) {
    if (joint.starting > 0 || joint.open_flows > 0) return;
    for (std::size_t column = 0; column < columns_; ++column) end(task, column, time);
  }

  void end(TaskId task, std::size_t column, double time) {
    recorder_.ran(task, static_cast<int>(column), seconds(running(task, column).start),
                  seconds(time));
    std::uint32_t* waiting = &waiting_[column * program_.tasks().size()];
    for (auto i = successors_.first[task]; i < successors_.first[task + 1]; ++i) {
      const TaskId later = successors_.task[i];
      if (--waiting[later] == 0) ready(later, column, time);
    }
    ++tasks_ended_;
    if (++tasks_since_look_ == tasks_between_looks) look_at_control();
    if (tasks_ended_ < columns_ * program_.tasks().size()) return;
    recorder_.end_step(seconds(time));
    if (++steps_done_ < plan_.steps) begin_step(time);
  }

  ColumnStep& step_;
  RunPlan plan_;
  const RunControl& control_;
  const StepProgram& program_;
  std::size_t columns_;
  EngineUnits units_;
  s4u::Engine engine_;
  ColumnRecorder recorder_;
  FabricZone* zone_;
  std::shared_ptr<HeapModel> alarms_;
  FlowNetwork network_;
  StepProgram::Successors successors_;
  std::vector<std::int32_t> joint_of_;  // of each task; -1: each column by itself
  std::vector<Joint> joints_;
  std::vector<Running> running_;        // of each lane of each column
  std::vector<std::uint32_t> waiting_;  // for how many others each task of each column does
  std::vector<FlowOnLinks> flows_;
  std::size_t tasks_ended_ = 0;  // of this step
  std::size_t tasks_since_look_ = 0;
  int steps_done_ = 0;
};

}  // namespace

ColumnRun simulate_columns(ColumnStep& step, const RunPlan& plan, const RunControl& control) {
  ensure(!s4u::Engine::has_instance(), "SimGrid can run once in a process");
  if (!find_cycle(step.program()).empty()) throw Error(describe_deadlock(step.program()));
  if (step.program().tasks().empty()) return run_analytic(step, plan);
  // All steps take about as long as the first.
  const Seconds alone = run_analytic(step, {}).steps.front() * plan.steps;
  // Static: the process ends without taking the platform down, which would cost more than the run.
  static StepSimulation simulation(step, plan, control, units_of(step, alone));
  return simulation.run();
}

}  // namespace fleetwright
