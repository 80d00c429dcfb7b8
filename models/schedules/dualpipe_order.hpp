#pragma once

#include <array>
#include <vector>

#include "models/schedules/pipeline_schedule.hpp"

namespace fleetwright {

/// Micro-batches that pass a rank in one direction.
struct DualPipeStream {
  int stage = 0;              // that the rank runs for them
  int first_micro_batch = 0;  // the others follow in ascending order
};

/// Where a rank of DualPipe or DualPipeV stands, and what passes it.
struct DualPipePlace {
  int to_end = 0;     // ranks between it and the end at which `near` enters
  int to_middle = 0;  // ranks between it and the rank where the two streams meet
  DualPipeStream near;
  DualPipeStream far;
  int micro_batches = 0;  // of each stream
};

/// The order of github.com/deepseek-ai/DualPipe, steps 1 to 8 of dualpipe.py and dualpipev.py,
/// which are the same from the view of a rank. Each stream brings at least 2 (to_end + to_middle +
/// 1) micro-batches.
[[nodiscard]] std::vector<ScheduleSlot> dualpipe_order(const DualPipePlace& place);

}  // namespace fleetwright
