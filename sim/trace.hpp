#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/core/quantity.hpp"
#include "sim/link_usage.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// One task of a step as it ran on the GPU that stands for its pipeline rank.
struct TraceEvent {
  int rank = 0;
  LaneKind lane = LaneKind::compute;
  Activity activity = Activity::forward;
  std::uint16_t label = 0;  // index into Trace::labels
  int layer = -1;           // -1 where the task belongs to none
  int micro_batch = -1;
  int stage = -1;
  Seconds start;
  Seconds duration;
};

/// From `time` on a rank keeps these activations, until its next sample.
struct MemorySample {
  int rank = 0;
  Seconds time;
  Bytes activations;
};

/// What one event hands to another: a send to the kernels that wait for it, reduced gradients to
/// the optimizer. Both index Trace::events.
struct TraceArrow {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
};

/// The timeline of a step, in the order of the program.
struct Trace {
  std::vector<std::string> labels;
  std::vector<TraceEvent> events;
  std::vector<TraceArrow> arrows;
  std::vector<MemorySample> memory;  // rank after rank, each in the order of time
  std::vector<LinkHistory> links;    // the fullest
};

[[nodiscard]] Trace trace_of(const StepProgram& program, const Timeline& timeline);

}  // namespace fleetwright
