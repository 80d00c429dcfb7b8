#pragma once

#include <vector>

#include "sim/fabric.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// What to run of a ColumnStep, and what to keep of it.
struct RunPlan {
  int steps = 1;     // one after the other; each begins when the last has ended everywhere
  int recorded = 0;  // the column whose timeline is kept, of the first step
};

/// How a column did in the first step.
struct ColumnTime {
  Seconds passes_end;  // of its last pass
  Seconds end;
  std::vector<Seconds> kernels;  // of each pipeline rank
};

/// What a link carried in the first step.
struct LinkTraffic {
  LinkId link = 0;
  Bytes bytes;
  Seconds busy;  // with at least one flow on it
};

/// What an engine brings back. Nothing in it grows with the number of tasks but the one timeline.
struct ColumnRun {
  Timeline timeline;           // of the recorded column
  std::vector<Seconds> steps;  // how long each took
  std::vector<ColumnTime> columns;
  std::vector<LinkTraffic> links;  // those that were used, ascending
};

}  // namespace fleetwright
