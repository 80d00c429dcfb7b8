#include "sim/run_distribution.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

namespace fleetwright {
namespace {

template <typename Value>
Percentiles percentiles_of(const std::vector<SimulatedRun>& runs, Value value) {
  std::vector<double> values;
  values.reserve(runs.size());
  for (const SimulatedRun& run : runs) values.push_back(value(run));
  return {quantile(values, 0.1), quantile(values, 0.5), quantile(values, 0.9)};
}

RunTime mean_time_of(const std::vector<SimulatedRun>& runs, double finished) {
  RunTime mean;
  for (const SimulatedRun& run : runs) {
    if (!run.finished) continue;
    for (const auto part : {&RunTime::training, &RunTime::slow, &RunTime::checkpoints,
                            &RunTime::redone, &RunTime::restarts, &RunTime::waiting}) {
      mean.*part += run.time.*part / finished;
    }
  }
  return mean;
}

}  // namespace

double quantile(std::vector<double>& values, double fraction) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const double rank = std::ceil(fraction * static_cast<double>(values.size()));
  return values[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
}

SampleMean mean_of(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  if (values.empty()) return {};
  SampleMean mean;
  for (const double v : values) mean.value += v / n;
  double squares = 0;
  for (const double v : values) squares += (v - mean.value) * (v - mean.value);
  mean.error = values.size() > 1 ? std::sqrt(squares / (n - 1) / n) : HUGE_VAL;
  return mean;
}

std::vector<SimulatedRun> simulate_runs(const RunTask& task, std::uint64_t seed, int runs,
                                        Seconds limit) {
  std::vector<SimulatedRun> results(static_cast<std::size_t>(runs));
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t run = next++; run < results.size(); run = next++) {
      results[run] = simulate_run(task, seed, run, limit);
    }
  };
  std::vector<std::jthread> threads;
  const auto processors = static_cast<int>(std::thread::hardware_concurrency());
  for (int i = 1; i < std::min(processors, runs); ++i) threads.emplace_back(work);
  work();
  threads.clear();  // waits for all
  return results;
}

RunDistribution distribution_of(const std::vector<SimulatedRun>& runs) {
  RunDistribution d;
  d.runs = static_cast<int>(runs.size());
  std::vector<double> walls;
  std::vector<double> failures;
  for (const SimulatedRun& run : runs) {
    if (!run.finished) continue;
    walls.push_back(run.time.wall().si());
    failures.push_back(run.failures);
  }
  d.unfinished = d.runs - static_cast<int>(walls.size());
  d.mean_wall_s = mean_of(walls);
  d.mean_failures = mean_of(failures);
  d.mean_time = mean_time_of(runs, static_cast<double>(walls.size()));
  d.wall_s = percentiles_of(
      runs, [](const SimulatedRun& r) { return r.finished ? r.time.wall().si() : HUGE_VAL; });
  d.goodput = percentiles_of(runs, [](const SimulatedRun& r) {
    return r.finished ? r.time.training / r.time.wall() : 0.0;
  });
  d.failures = percentiles_of(runs, [](const SimulatedRun& r) { return r.failures; });
  d.interruptions = percentiles_of(runs, [](const SimulatedRun& r) { return r.interruptions(); });
  return d;
}

}  // namespace fleetwright
