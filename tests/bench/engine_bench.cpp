// What one estimate of DeepSeek-V3's step is made of.

#include <benchmark/benchmark.h>

#include "sim/analytic_run.hpp"
#include "sim/cluster_simulation.hpp"
#include "sim/program_builder.hpp"
#include "sim/simgrid/simulated_estimator.hpp"
#include "sim/step_replay.hpp"
#include "sim/topologies/topology.hpp"
#include "tests/bench/tables.hpp"

namespace fleetwright {
namespace {

void build(benchmark::State& state) {
  const StepSetup setup = bench::deepseek_on(2048).setup;
  const Fabric fabric = build_fabric(setup.cluster);
  for (auto _ : state) {
    benchmark::DoNotOptimize(build_step(setup, fabric, *make_time_model(setup)));
  }
}
BENCHMARK(build)->Unit(benchmark::kMillisecond);

/// The same for one step after the other of a search: its time model has seen the shapes.
void build_again(benchmark::State& state) {
  const StepSetup setup = bench::deepseek_on(2048).setup;
  const Fabric fabric = build_fabric(setup.cluster);
  const auto times = make_time_model(setup);
  for (auto _ : state) benchmark::DoNotOptimize(build_step(setup, fabric, *times));
}
BENCHMARK(build_again)->Unit(benchmark::kMillisecond);

/// Either engine on a program that is built: their ratio is what contention costs.
void run(benchmark::State& state, const Estimator& estimator) {
  const StepSetup setup = bench::deepseek_on(2048).setup;
  const Fabric fabric = build_fabric(setup.cluster);
  const BuiltStep step = build_step(setup, fabric, *make_time_model(setup));
  for (auto _ : state) {
    SingleColumn column(step.program, fabric);
    benchmark::DoNotOptimize(estimator.run(column, {}));
  }
}
BENCHMARK_CAPTURE(run, analytic, AnalyticEstimator())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, simgrid, SimulatedEstimator())->Unit(benchmark::kMillisecond)->UseRealTime();

/// The longest path once more with a slow NIC, as for each cause of slowness: beside run/analytic.
void replay(benchmark::State& state) {
  const StepSetup setup = bench::deepseek_on(2048).setup;
  const Fabric fabric = build_fabric(setup.cluster);
  const BuiltStep step = build_step(setup, fabric, *make_time_model(setup));
  const StepReplay replay(step.program, fabric.links());
  std::vector<double> links = replay.full_link_speed();
  links[static_cast<std::size_t>(fabric.nic_out(0))] = 0.5;
  const std::vector<double> ranks = replay.full_rank_speed();
  for (auto _ : state) benchmark::DoNotOptimize(replay.time(links, ranks));
}
BENCHMARK(replay)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fleetwright
