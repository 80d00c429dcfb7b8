#include "planner/run_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

// A run that is this many times as long as its training makes no progress that anyone would pay
// for.
constexpr double hopeless = 100;

Reliability reliability_of(const ReliabilitySettings& s, const StepSetup& setup,
                           std::optional<CheckpointSize>& size) {
  Reliability r;
  r.stops = stops_of(s.stops, setup.cluster);
  r.spread = s.spread;
  r.detection = s.detection;
  r.restart = s.restart;
  r.spare_nodes = s.spare_nodes;
  r.repair = s.repair;
  const bool uploads = s.storage && s.storage->asynchronous && !s.storage->own_network;
  std::optional<StepSlowdown> slowdown;
  if (uploads || !s.slowdowns.empty()) slowdown.emplace(setup);
  if (!s.slowdowns.empty()) r.slowdowns = slowdown->causes(s.slowdowns, setup.cluster);
  if (s.storage) {
    size = checkpoint_size(setup.job);
    r.checkpoint =
        checkpoint_cost(*size, *s.storage, setup.cluster, slowdown ? &*slowdown : nullptr);
    // A restart reads what was written.
    r.restart += transfer_time(*size, *s.storage, setup.cluster);
  } else {
    r.checkpoint.write = s.checkpoint_write.value_or(Seconds{});
  }
  r.checkpoint.interval = s.checkpoint_interval;
  r.checkpoint.rule = s.rule;
  return r;
}

void require_progress(const RunEstimate& run, const Reliability& r, const Cluster& cluster) {
  if (run.wall <= hopeless * run.training) return;
  throw Infeasible(fmt::format(
      "the run makes no progress: {} nodes stop {:.4g} times a day together, and each stop costs a "
      "restart of {:.4g} s and the work since the last checkpoint\n"
      "  help: lower the failures of [reliability], its restart or the cost of a checkpoint, or "
      "give it more spare_nodes",
      cluster.nodes(), r.failure_rate().si() * 86400.0, (r.detection + r.restart).si()));
}

}  // namespace

RunReport run_report(const Scenario& scenario, const StepEstimate& step) {
  const StepSetup& setup = scenario.setup;
  RunReport report;
  if (scenario.reliability) {
    report.reliability = reliability_of(*scenario.reliability, setup, report.checkpoint);
  }
  report.estimate =
      estimate_run(scenario.tokens, tokens_per_step(setup.job), step.time, report.reliability);
  if (!report.reliability) return report;
  const RunEstimate& run = report.estimate;
  require_progress(run, *report.reliability, setup.cluster);
  const int runs = scenario.reliability->runs;
  if (runs > 0) {
    const RunTask task{run.training, run.checkpoint_interval.value_or(run.training),
                       *report.reliability};
    report.simulated = distribution_of(
        simulate_runs(task, scenario.reliability->seed, runs, hopeless * run.training));
  }
  return report;
}

std::optional<EnergyReport> energy_report(const Scenario& s, const StepEstimate& step,
                                          const RunEstimate& run, double other_gpu_hours) {
  const Accelerator& a = s.setup.cluster.accelerator;
  if (!a.tdp || !s.pue) return std::nullopt;
  const int gpus = s.setup.cluster.gpus;
  const Seconds others{other_gpu_hours * 3600.0};
  EnergyReport energy;
  if (s.server_power_factor) {
    energy.servers = a.tdp->value * s.server_power_factor->value * (run.wall * gpus + others);
  } else {
    energy.draw = power_draw(step.phases, a);
    if (!energy.draw) return std::nullopt;
    energy.step = energy.draw->training() * step.time * gpus;
    energy.servers = run_energy(*energy.draw, run, gpus) + energy.draw->training() * others;
  }
  constexpr double joules_per_mwh = 3.6e9;
  energy.facility_mwh = energy.servers.si() * s.pue->value / joules_per_mwh;
  // Grams a kWh are kilograms a MWh.
  if (s.carbon_g_per_kwh) energy.co2_t = energy.facility_mwh * s.carbon_g_per_kwh->value / 1000.0;
  return energy;
}

}  // namespace fleetwright
