#include "planner/cost/size_sweep.hpp"

#include <fmt/format.h>

#include <array>

#include "models/core/diagnostics.hpp"
#include "models/core/error.hpp"
#include "planner/report.hpp"
#include "sim/estimator.hpp"

namespace fleetwright {
namespace {

constexpr std::array<double, 7> factors{0.125, 0.25, 0.5, 1, 2, 4, 8};

std::optional<double> typical_of(const CostReport& cost, std::string_view scope) {
  const CostScope& s = cost.scope(scope);
  return s.known() ? std::optional(s.typical) : std::nullopt;
}

std::optional<SizePoint> point_at(const Scenario& scenario, std::vector<std::string> settings,
                                  int accelerators, int dp) {
  settings.emplace_back("engine=\"analytic\"");
  settings.push_back(fmt::format("cluster.accelerators={}", accelerators));
  settings.push_back(fmt::format("strategy.dp={}", dp));
  try {
    const Scenario resized = read_scenario(scenario.file, settings);
    const Report report = make_report(resized, AnalyticEstimator());
    const CostReport cost = report.cost ? *report.cost : cost_report(report);
    return SizePoint{accelerators, report.total_gpu_hours / accelerators / 24,
                     typical_of(cost, "rented"), typical_of(cost, "owned"), false};
  } catch (const ScenarioError&) {
    return std::nullopt;  // a rule forbids it
  } catch (const Infeasible&) {
    return std::nullopt;
  }
}

}  // namespace

std::vector<SizePoint> size_sweep(const Scenario& scenario,
                                  const std::vector<std::string>& settings) {
  const int gpus = scenario.setup.cluster.gpus;
  const int dp = scenario.setup.job.strategy.dp;
  std::vector<std::string> quick = settings;
  if (scenario.cost) quick.emplace_back("cost.samples=100");
  std::vector<SizePoint> points;
  for (const double factor : factors) {
    const int replicas = static_cast<int>(dp * factor);
    if (replicas < 1 || replicas != dp * factor) continue;
    auto point = point_at(scenario, quick, gpus / dp * replicas, replicas);
    if (!point) continue;
    point->asked = factor == 1;
    points.push_back(*point);
  }
  return points;
}

}  // namespace fleetwright
