#pragma once

#include <cstdint>

#include "models/core/quantity.hpp"
#include "sim/reliability.hpp"

namespace fleetwright {

/// What a run is to do: work, in undisturbed step time, with a checkpoint after each interval.
struct RunTask {
  Seconds training;
  Seconds interval;
  Reliability reliability;
};

/// Where the wall time of a run went. All but `training` was lost.
struct RunTime {
  Seconds training;
  Seconds slow;         // steps beside slow parts and uploads, beyond what they take alone
  Seconds checkpoints;  // training stood still for
  Seconds redone;       // work lost in failures
  Seconds restarts;     // detection and restarts
  Seconds waiting;      // for a node, all spares being in repair

  [[nodiscard]] Seconds wall() const {
    return training + slow + checkpoints + redone + restarts + waiting;
  }
};

/// One run as it might go.
struct SimulatedRun {
  RunTime time;
  bool finished = true;
  int failures = 0;  // unplanned stops
  int planned = 0;   // planned stops
  int replaced_slow = 0;

  [[nodiscard]] int interruptions() const { return failures + planned + replaced_slow; }
};

/// Plays a run event by event. The same seed and run number give the same run. It ends unfinished
/// at the first event past `limit`, or after too many events, so that no rate of failures hangs it.
[[nodiscard]] SimulatedRun simulate_run(const RunTask& task, std::uint64_t seed, std::uint64_t run,
                                        Seconds limit);

}  // namespace fleetwright
