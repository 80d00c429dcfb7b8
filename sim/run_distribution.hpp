#pragma once

#include <vector>

#include "sim/run_simulation.hpp"

namespace fleetwright {

/// A tenth of all runs lie below p10, a tenth above p90.
struct Percentiles {
  double p10 = 0;
  double p50 = 0;
  double p90 = 0;
};

/// Mean of a sample and the standard error of that mean.
struct SampleMean {
  double value = 0;
  double error = 0;
};

/// Many runs as they might go.
struct RunDistribution {
  int runs = 0;
  int unfinished = 0;  // stopped at the limit: they count as endless
  Percentiles wall_s;
  Percentiles goodput;
  Percentiles failures;
  Percentiles interruptions;
  SampleMean mean_wall_s;  // of finished runs, as all means
  SampleMean mean_failures;
  RunTime mean_time;
};

/// The smallest value that a fraction of all values does not exceed. Sorts.
[[nodiscard]] double quantile(std::vector<double>& values, double fraction);
[[nodiscard]] SampleMean mean_of(const std::vector<double>& values);

/// Plays `runs` runs in as many threads as there are processors. Each run has its own stream of
/// random numbers and its own place in the results, so that threads change nothing.
[[nodiscard]] std::vector<SimulatedRun> simulate_runs(const RunTask& task, std::uint64_t seed,
                                                      int runs, Seconds limit);

[[nodiscard]] RunDistribution distribution_of(const std::vector<SimulatedRun>& runs);

}  // namespace fleetwright
