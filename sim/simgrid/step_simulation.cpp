#include "sim/simgrid/step_simulation.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "models/core/error.hpp"
#include "sim/program_cycle.hpp"
#include "sim/simgrid/fabric_zone.hpp"
#include "sim/simgrid/heap_model.hpp"
#include "sim/simgrid/time_precision.hpp"

namespace fleetwright {

namespace {

namespace s4u = simgrid::s4u;

/// Comms count whole numbers, and a byte of a fluid flow is not whole. A power of two keeps all
/// ratios exact; just below 2^62 for the largest flow leaves the smallest ones the most digits.
double units_per_byte(const StepProgram& program) {
  double most = 1.0;
  for (const Task& task : program.tasks()) {
    for (const Flow& flow : program.flows_of(task)) most = std::max(most, flow.bytes.si());
  }
  return std::ldexp(1.0, 62 - std::ilogb(most) - 1);
}

/// Every option that matters. CM02: max-min sharing without corrections for TCP; without
/// latencies it knows no windows either. Crosstraffic would ask for a way back for
/// acknowledgements. maxmin/precision is how much of a link counts as nothing left: by default
/// 1e-5, and what a flow of a large weight leaves may be less.
s4u::Engine make_engine(double precision) {
  std::array<std::string, 6> arguments{"fleetwright",
                                       "--log=root.thres:critical",
                                       "--cfg=network/model:CM02",
                                       "--cfg=network/crosstraffic:0",
                                       "--cfg=maxmin/precision:1e-9",
                                       fmt::format("--cfg=surf/precision:{}", precision)};
  std::array<char*, arguments.size() + 1> argv{};
  std::transform(arguments.begin(), arguments.end(), argv.begin(),
                 [](std::string& argument) { return argument.data(); });
  int argc = static_cast<int>(arguments.size());
  return s4u::Engine(&argc, argv.data());
}

/// The state of a run: maestro alone, without actors. Durations are alarms; a flow is a comm that
/// starts when it can, because SimGrid 3.32 looks through all living comms at each end of one.
class StepSimulation {
 public:
  StepSimulation(const StepProgram& program, const Fabric& fabric)
      : program_(program),
        units_per_byte_(units_per_byte(program)),
        engine_(make_engine(time_precision(program, fabric))),
        zone_(new FabricZone(fabric, units_per_byte_)),  // the engine's from now on
        alarms_(std::make_shared<HeapModel>(
            [this](TaskId task, double time) { start_flows(task, time); })),
        waiting_(program.successors()),
        open_flows_(program.tasks().size()),
        timeline_(program.tasks().size()) {
    engine_.add_model(alarms_);
    s4u::Engine::on_time_advance_cb([this](double /*elapsed*/) {
      release_ended();
      alarms_->ring_due();
    });
    s4u::Activity::on_completion_cb([this](const s4u::Activity& comm) { end_flow(comm); });
  }

  const Timeline& run() {
    for (TaskId task = 0; task < timeline_.size(); ++task) {
      if (waiting_.dependency_count[task] == 0) begin(task);
    }
    engine_.run();
    if (tasks_ended_ < timeline_.size()) {
      throw Error(fmt::format("SimGrid stopped at {} s, when {} of {} tasks had ended",
                              s4u::Engine::get_clock(), tasks_ended_, timeline_.size()));
    }
    return timeline_;
  }

 private:
  struct LiveFlow {
    TaskId task = 0;
    s4u::CommPtr comm;
  };

  void begin(TaskId task) {
    alarms_->set_alarm((timeline_[task].start + program_.tasks()[task].delay).si(), task);
  }

  void start_flows(TaskId task, double time) {
    for (const Flow& flow : program_.flows_of(program_.tasks()[task])) {
      const auto payload = static_cast<std::uint64_t>(flow.bytes.si() * units_per_byte_);
      if (payload == 0 || flow.use_count == 0) continue;  // SimGrid would never start it
      ++open_flows_[task];
      start_flow(task, flow, payload);
    }
    if (open_flows_[task] == 0) end(task, time);
  }

  void start_flow(TaskId task, const Flow& flow, std::uint64_t payload) {
    if (free_.empty()) free_.push_back(&flows_.emplace_back());
    LiveFlow& live = *free_.back();
    free_.pop_back();
    live.task = task;
    live.comm = s4u::Comm::sendto_init();
    live.comm->set_payload_size(payload);
    live.comm->set_data(&live);
    zone_->route_next(program_.uses_of(flow));
    live.comm->set_source(zone_->host(flow.from));
    live.comm->set_destination(zone_->host(flow.to));  // and it starts
    ensure(zone_->route_taken(), "SimGrid did not start a comm at once");
  }

  void end_flow(const s4u::Activity& comm) {
    auto* live = comm.get_data<LiveFlow>();
    if (comm.get_state() != s4u::Activity::State::FINISHED) {
      throw Error(fmt::format("SimGrid broke off a flow of {}", program_.describe(live->task)));
    }
    ended_.push_back(live);
    if (--open_flows_[live->task] == 0) end(live->task, s4u::Engine::get_clock());
  }

  /// Comms must outlive their completion callbacks: they go when the clock has moved on.
  void release_ended() {
    for (LiveFlow* live : ended_) live->comm = nullptr;
    free_.insert(free_.end(), ended_.begin(), ended_.end());
    ended_.clear();
  }

  void end(TaskId task, double time) {
    ++tasks_ended_;
    timeline_[task].end = Seconds{time};
    for (auto i = waiting_.first[task]; i < waiting_.first[task + 1]; ++i) {
      const TaskId later = waiting_.task[i];
      timeline_[later].start = std::max(timeline_[later].start, Seconds{time});
      if (--waiting_.dependency_count[later] == 0) begin(later);
    }
  }

  const StepProgram& program_;
  double units_per_byte_;
  s4u::Engine engine_;
  FabricZone* zone_;
  std::shared_ptr<HeapModel> alarms_;
  StepProgram::Successors waiting_;
  std::vector<std::uint32_t> open_flows_;  // of each task
  Timeline timeline_;
  std::size_t tasks_ended_ = 0;
  std::deque<LiveFlow> flows_;
  std::vector<LiveFlow*> free_;
  std::vector<LiveFlow*> ended_;
};

}  // namespace

Timeline simulate_step(const StepProgram& program, const Fabric& fabric) {
  ensure(!s4u::Engine::has_instance(), "SimGrid can run once in a process");
  if (!find_cycle(program).empty()) throw Error(describe_deadlock(program));
  // Static: the process ends without taking the platform down, which would cost more than the run.
  static StepSimulation simulation(program, fabric);
  return simulation.run();
}

}  // namespace fleetwright
