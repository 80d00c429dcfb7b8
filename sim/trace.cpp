#include "sim/trace.hpp"

namespace fleetwright {

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
  return trace;
}

}  // namespace fleetwright
