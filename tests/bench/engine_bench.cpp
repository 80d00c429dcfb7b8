// What one estimate of DeepSeek-V3's step is made of.

#include <benchmark/benchmark.h>

#include "sim/analytic_run.hpp"
#include "sim/cluster_simulation.hpp"
#include "sim/program_builder.hpp"
#include "sim/simgrid/simulated_estimator.hpp"
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

}  // namespace
}  // namespace fleetwright
