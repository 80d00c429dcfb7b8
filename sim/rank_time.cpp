#include "sim/rank_time.hpp"

#include <algorithm>
#include <array>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

/// The tasks of one lane as disjoint intervals in time, to be walked once.
struct LaneWalk {
  std::vector<TaskId> tasks;
  std::size_t next = 0;
};

Seconds& part_of(StepParts& parts, Activity activity) {
  switch (activity) {
    case Activity::forward:
      return parts.forward;
    case Activity::backward:
      return parts.backward;
    case Activity::weight_gradient:
      return parts.weight_gradient;
    case Activity::overlapped:
      return parts.overlapped;
    case Activity::gradient_sync:
      return parts.gradient_sync;
    case Activity::optimizer:
      return parts.optimizer;
  }
  fail_invariant("Activity", "unknown value");
}

void count(RankTime& time, Activity activity, bool computing, Seconds length) {
  part_of(time.parts, activity) += length;
  if (activity == Activity::optimizer) {
    time.optimizer += length;
  } else {
    (computing ? time.compute : time.exposed_communication) += length;
  }
}

// Lanes in the order in which they count; sends do not: waiting for one is bubble.
constexpr std::array counted{LaneKind::compute, LaneKind::collective, LaneKind::data_parallel};

RankTime time_of_rank(const StepProgram& program, const Timeline& timeline,
                      std::array<LaneWalk, counted.size()>& lanes, Seconds passes_end,
                      Seconds end) {
  RankTime time;
  time.optimizer = time.parts.optimizer = end - passes_end;
  Seconds now;
  while (now < passes_end) {
    Seconds until = passes_end;
    const Task* running = nullptr;
    bool computing = false;
    for (std::size_t kind = 0; kind < lanes.size() && running == nullptr; ++kind) {
      LaneWalk& lane = lanes[kind];
      while (lane.next < lane.tasks.size() && timeline[lane.tasks[lane.next]].end <= now) {
        ++lane.next;
      }
      if (lane.next == lane.tasks.size()) continue;
      const Interval& at = timeline[lane.tasks[lane.next]];
      if (at.start <= now) {
        running = &program.tasks()[lane.tasks[lane.next]];
        computing = counted[kind] == LaneKind::compute;
        until = std::min(until, at.end);
      } else {
        until = std::min(until, at.start);
      }
    }
    if (running != nullptr) {
      count(time, running->activity, computing, until - now);
    } else {
      time.bubble += until - now;
      time.parts.bubble += until - now;
    }
    now = until;
  }
  return time;
}

}  // namespace

std::vector<RankTime> rank_times(const StepProgram& program, const Timeline& timeline, int ranks,
                                 Seconds end) {
  std::vector<std::array<LaneWalk, counted.size()>> walks(static_cast<std::size_t>(ranks));
  for (TaskId id = 0; id < program.tasks().size(); ++id) {
    const Lane& lane = program.lanes()[program.tasks()[id].lane];
    const auto kind = std::ranges::find(counted, lane.kind);
    if (kind == counted.end() || timeline[id].end == timeline[id].start) continue;
    walks[static_cast<std::size_t>(lane.rank)][static_cast<std::size_t>(kind - counted.begin())]
        .tasks.push_back(id);
  }
  Seconds passes_end;
  for (TaskId id = 0; id < program.tasks().size(); ++id) {
    const Activity activity = program.tasks()[id].activity;
    if (activity == Activity::gradient_sync || activity == Activity::optimizer) continue;
    passes_end = std::max(passes_end, timeline[id].end);
  }
  std::vector<RankTime> times;
  for (auto& lanes : walks) {
    for (LaneWalk& lane : lanes) {
      std::ranges::stable_sort(lane.tasks, {}, [&](TaskId id) { return timeline[id].start.si(); });
    }
    times.push_back(time_of_rank(program, timeline, lanes, passes_end, end));
  }
  return times;
}

}  // namespace fleetwright
