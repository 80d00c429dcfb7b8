#pragma once

#include <vector>

#include "profiles/gpu/timing/cupti_library.hpp"
#include "profiles/gpu/timing/launch_activity.hpp"
#include "profiles/gpu/timing/profiling_turn.hpp"

namespace fleetwright::gpu {

/// CUPTI's records of the kernels, copies and fills that run while it lives. One at a time.
///
/// Launches are told apart by marks (stamp_clocks) and by the order of correlation ids, not by
/// CUPTI's external ids: those need records of every API call, which slow the host down.
class ActivityTrace {
 public:
  /// The library must outlive it. Throws Error.
  explicit ActivityTrace(const CuptiLibrary& cupti);
  ActivityTrace(const ActivityTrace&) = delete;
  ActivityTrace& operator=(const ActivityTrace&) = delete;
  ~ActivityTrace();

  // Both wait for the GPU.

  /// Forgets what was recorded up to here.
  void restart();
  /// What was recorded since; one kernel of `mark_name` is a mark. Throws Error if CUPTI dropped
  /// records.
  [[nodiscard]] std::vector<ActivityRecord> take();

 private:
  void flush();

  const CuptiLibrary& cupti_;
  ProfilingTurn turn_{"CUPTI's activity records"};
};

/// The record as we keep it; false if it is of another kind than kernel, copy and fill.
[[nodiscard]] bool to_record(const CUpti_Activity& activity, ActivityRecord& record);

}  // namespace fleetwright::gpu
