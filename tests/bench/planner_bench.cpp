// How long the planner's two large sweeps take: strategies in closed form, and samples of money.

#include <benchmark/benchmark.h>

#include "planner/cost/cost_report.hpp"
#include "planner/report.hpp"
#include "planner/search/quick_step.hpp"
#include "planner/search/search_space.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {
namespace {

// One core; the cost of each kind of layer is worked out anew each time, as in a search. Of the
// 5,128 A100 of Calculon's example 5,120 divide well.
void strategies_in_closed_form(benchmark::State& state, const std::string& file,
                               const std::vector<std::string>& settings) {
  const Scenario scenario = read_scenario(file, settings);
  const Fabric fabric = build_fabric(scenario.setup.cluster);
  const auto strategies = search_space(scenario.setup).strategies;
  for (auto unused : state) {
    QuickStepModel model(scenario.setup, fabric);
    for (const ParallelStrategy& s : strategies) benchmark::DoNotOptimize(model.estimate(s));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(strategies.size()));
}
BENCHMARK_CAPTURE(strategies_in_closed_form, deepseek_v3_on_2048_h800,
                  "scenarios/deepseek-v3-free-strategy.toml", {})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(strategies_in_closed_form, turing_nlg_530b_on_5120_of_5128_a100,
                  "scenarios/gpt3-175b-a100.toml",
                  {"model.config=turing-nlg-530b", "cluster.accelerators=5120", "strategy.tp=8",
                   "strategy.pp=5", "strategy.dp=128", "strategy.global_batch=1920"})
    ->Unit(benchmark::kMillisecond);

// Other planners evaluate this many strategies a second, measured on the same kind of machine (two
// cores): Calculon about 215 on each core, SimuMax 6. Shown beside ours in the counters.
void strategies_of_other_planners(benchmark::State& state) {
  for (auto unused : state) benchmark::DoNotOptimize(state.iterations());
  state.counters["calculon_per_second_and_core"] = 215;
  state.counters["simumax_per_second"] = 6;
}
BENCHMARK(strategies_of_other_planners)->Iterations(1);

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
