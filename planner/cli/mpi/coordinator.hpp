#pragma once

#include <chrono>
#include <cstddef>

#include "planner/sweep/sweep_run.hpp"

namespace fleetwright::cli {

/// What handing out cases took.
struct CoordinatorWork {
  std::size_t cases = 0;
  std::chrono::duration<double> busy{0};  // all but waiting for messages
  std::chrono::duration<double> wall{0};
  int workers = 0;
  int lost = 0;

  /// What one case takes of the coordinator. There must be cases.
  [[nodiscard]] double busy_per_case_s() const { return busy.count() / static_cast<double>(cases); }
  /// What one case takes of a worker, waiting included.
  [[nodiscard]] double worker_per_case_s() const {
    return wall.count() * (workers - lost) / static_cast<double>(cases);
  }
  /// With cases like these.
  [[nodiscard]] double workers_it_can_feed() const {
    return worker_per_case_s() / busy_per_case_s();
  }
};

/// Hands out the cases of a sweep to ranks 1 to workers, each as soon as it asks, and keeps what
/// comes back. A worker that is silent for `longest_silence` is taken for lost: its cases are
/// handed out again. Throws Error if all are lost and Interrupted when it is stopped; what came
/// back is kept.
CoordinatorWork coordinate(Sweep& sweep, int workers, std::chrono::duration<double> longest_silence,
                           const RunControl& control);

}  // namespace fleetwright::cli
