// How long the planner's two large sweeps take: strategies in closed form, and samples of money.

#include <benchmark/benchmark.h>

#include "planner/cost/cost_report.hpp"
#include "planner/report.hpp"
#include "planner/search/quick_step.hpp"
#include "planner/search/search_space.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {
namespace {

// One core; the cost of each kind of layer is worked out anew each time, as in a search.
void strategies_in_closed_form(benchmark::State& state) {
  const Scenario scenario = read_scenario("scenarios/deepseek-v3-free-strategy.toml");
  const Fabric fabric = build_fabric(scenario.setup.cluster);
  const auto strategies = search_space(scenario.setup).strategies;
  for (auto unused : state) {
    QuickStepModel model(scenario.setup, fabric);
    for (const ParallelStrategy& s : strategies) benchmark::DoNotOptimize(model.estimate(s));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(strategies.size()));
}
BENCHMARK(strategies_in_closed_form)->Unit(benchmark::kMillisecond);

void samples_of_money(benchmark::State& state) {
  Report report = make_report(read_scenario("scenarios/deepseek-fleet-50k.toml",
                                            {"cost.samples=100", "engine=\"analytic\""}),
                              AnalyticEstimator());
  report.scenario.cost->samples = 100'000;
  for (auto unused : state) benchmark::DoNotOptimize(cost_report(report));
}
BENCHMARK(samples_of_money)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fleetwright
