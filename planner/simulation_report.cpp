#include "planner/simulation_report.hpp"

#include <algorithm>
#include <cmath>

namespace fleetwright {
namespace {

/// Of a sorted sample, interpolated between its members (Hyndman and Fan 1996, type 7).
Seconds quantile(const std::vector<Seconds>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - static_cast<double>(below));
}

StepTimes times_of(const std::vector<Seconds>& steps) {
  StepTimes times;
  times.each = steps;
  std::vector<Seconds> sorted = steps;
  std::ranges::sort(sorted);
  const auto count = static_cast<double>(sorted.size());
  for (const Seconds step : sorted) times.mean += step / count;
  double squares = 0;
  for (const Seconds step : sorted) squares += std::pow((step - times.mean).si(), 2);
  if (sorted.size() > 1) times.deviation = Seconds{std::sqrt(squares / (count - 1))};
  times.least = sorted.front();
  times.p10 = quantile(sorted, 0.1);
  times.p50 = quantile(sorted, 0.5);
  times.p90 = quantile(sorted, 0.9);
  times.most = sorted.back();
  return times;
}

std::vector<ColumnReport> columns_of(const ClusterSimulation& s) {
  std::vector<ColumnReport> columns;
  for (std::size_t i = 0; i < s.parts.size(); ++i) {
    const ColumnTime& time = s.run.columns[i];
    columns.push_back({s.parts[i].column, static_cast<int>(s.parts[i].represents.size()),
                       s.layout.gpu_in(s.parts[i].column, 0), time.passes_end,
                       *std::ranges::max_element(time.kernels)});
  }
  std::ranges::stable_sort(columns, std::ranges::greater{}, &ColumnReport::passes_end);
  return columns;
}

}  // namespace

SimulationReport simulation_report(const ClusterSimulation& simulation) {
  SimulationReport report;
  report.granularity = simulation.granularity;
  report.columns = simulation.layout.count;
  report.gpus_per_column = simulation.layout.width;
  report.recorded_column = simulation.recorded_column;
  report.stage_gpus = simulation.layout.stage_ranks;
  report.steps = times_of(simulation.run.steps);
  report.simulated = columns_of(simulation);
  report.notes = simulation.notes;
  return report;
}

}  // namespace fleetwright
