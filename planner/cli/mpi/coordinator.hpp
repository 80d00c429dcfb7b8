#pragma once

#include <chrono>
#include <cstddef>

#include "planner/sweep/sweep_run.hpp"

namespace fleetwright::cli {

/// What handing out cases took.
struct CoordinatorWork {
  std::size_t cases = 0;
  std::chrono::duration<double> busy{0};  // all but waiting for messages
  int workers = 0;
  int lost = 0;

  [[nodiscard]] double seconds_per_case() const {
    return cases == 0 ? 0 : busy.count() / static_cast<double>(cases);
  }
};

/// Hands out the cases of a sweep to ranks 1 to workers, each as soon as it asks, and keeps what
/// comes back. A worker that is silent for `longest_silence` is taken for lost: its cases are
/// handed out again. Throws Error if all are lost and Interrupted when it is stopped; what came
/// back is kept.
CoordinatorWork coordinate(Sweep& sweep, int workers, std::chrono::duration<double> longest_silence,
                           const RunControl& control);

}  // namespace fleetwright::cli
