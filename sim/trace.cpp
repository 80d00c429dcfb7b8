#include "sim/trace.hpp"

namespace fleetwright {

namespace {

bool hands_over(const StepProgram& program, TaskId from, TaskId to) {
  const Task& sender = program.tasks()[from];
  const Task& receiver = program.tasks()[to];
  const Lane& lane = program.lanes()[sender.lane];
  const Lane& other = program.lanes()[receiver.lane];
  if (lane.kind == LaneKind::pipeline) return other.rank != lane.rank;
  return lane.kind == LaneKind::data_parallel && receiver.activity == Activity::optimizer &&
         other.kind == LaneKind::compute && other.rank == lane.rank;
}

}  // namespace

Trace trace_of(const StepProgram& program, const Timeline& timeline) {
  Trace trace;
  trace.labels = program.labels();
  trace.events.reserve(timeline.size());
  for (TaskId id = 0; id < timeline.size(); ++id) {
    const Task& task = program.tasks()[id];
    const Lane& lane = program.lanes()[task.lane];
    trace.events.push_back({lane.rank, lane.kind, task.activity, task.label, task.layer,
                            task.micro_batch, task.stage, timeline[id].start,
                            timeline[id].end - timeline[id].start});
  }
  const StepProgram::Successors successors = program.successors();
  for (TaskId id = 0; id < timeline.size(); ++id) {
    for (auto i = successors.first[id]; i < successors.first[id + 1]; ++i) {
      if (hands_over(program, id, successors.task[i]))
        trace.arrows.push_back({id, successors.task[i]});
    }
  }
  return trace;
}

}  // namespace fleetwright
