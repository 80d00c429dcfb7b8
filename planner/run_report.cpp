#include "planner/run_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

// A run that is this many times as long as its training makes no progress that anyone would pay
// for.
constexpr double hopeless = 100;

Reliability recovery_of(const ReliabilitySettings& s) {
  Reliability r;
  r.detection = s.detection;
  r.restart = s.restart;
  r.spare_nodes = s.spare_nodes;
  r.repair = s.repair;
  r.checkpoint.write = s.checkpoint_write.value_or(Seconds{});
  return r;
}

void set_interval(const ReliabilitySettings& s, Reliability& r) {
  r.checkpoint.interval = s.checkpoint_interval;
  r.checkpoint.rule = s.rule;
}

bool uploads_beside_training(const ReliabilitySettings& s) {
  return s.storage && s.storage->asynchronous && !s.storage->own_network;
}

Reliability reliability_of(const ReliabilitySettings& s, const StepSetup& setup,
                           std::optional<CheckpointSize>& size) {
  Reliability r = recovery_of(s);
  r.stops = stops_of(s.stops, setup.cluster);
  r.spread = s.spread;
  std::optional<StepSlowdown> slowdown;
  if (uploads_beside_training(s) || !s.slowdowns.empty()) slowdown.emplace(setup);
  if (!s.slowdowns.empty()) r.slowdowns = slowdown->causes(s.slowdowns, setup.cluster);
  if (s.storage) {
    size = checkpoint_size(setup.job);
    r.checkpoint =
        checkpoint_cost(*size, *s.storage, setup.cluster, slowdown ? &*slowdown : nullptr);
    // A restart reads what was written.
    r.restart += transfer_time(*size, *s.storage, setup.cluster);
  }
  set_interval(s, r);
  return r;
}

// The nodes of an island that are in the job, those that are in part of it too.
Cluster used_part(Cluster cluster, int used) {
  const int nodes = (used + cluster.gpus_per_node - 1) / cluster.gpus_per_node;
  cluster.gpus = nodes * cluster.gpus_per_node;
  return cluster;
}

// Each island's parts fail as that island's records say; what fails anywhere stops all.
Reliability reliability_of(const Scenario& scenario, const std::vector<IslandUse>& islands,
                           std::optional<CheckpointSize>& size) {
  const ReliabilitySettings& s = *scenario.reliability;
  const IslandJob& job = *scenario.placement;
  Reliability r = recovery_of(s);
  r.stops = stops_of_job(s.stops);
  std::optional<StepSlowdown> slowdown;
  if (uploads_beside_training(s)) slowdown.emplace(job);
  for (std::size_t i = 0; i < islands.size(); ++i) {
    const int island = static_cast<int>(i);
    const ReliabilitySettings own = reliability_of_island(scenario, islands[i].name);
    const Cluster used = used_part(job.parts[i].setup.cluster, islands[i].used);
    std::ranges::move(stops_of_island(own.stops, used, island), std::back_inserter(r.stops));
    r.spread = std::max(r.spread, own.spread);
    if (own.slowdowns.empty()) continue;
    if (!slowdown) slowdown.emplace(job);
    std::ranges::move(slowdown->causes(own.slowdowns, used, island),
                      std::back_inserter(r.slowdowns));
  }
  if (s.storage) {
    const std::vector<CheckpointPart> parts = checkpoint_parts(job, islands);
    size.emplace();
    size->writers = 0;
    for (const CheckpointPart& part : parts) {
      size->total += part.size.total;
      size->writers += part.size.writers;
      size->of_writer = std::max(size->of_writer, part.size.of_writer);
    }
    r.checkpoint = checkpoint_cost(parts, *s.storage, slowdown ? &*slowdown : nullptr);
    r.restart += transfer_time(restart_parts(job, islands), *s.storage);
  }
  set_interval(s, r);
  return r;
}

void require_progress(const RunEstimate& run, const Reliability& r, int nodes) {
  if (run.wall <= hopeless * run.training) return;
  throw Infeasible(fmt::format(
      "the run makes no progress: {} nodes stop {:.4g} times a day together, and each stop costs a "
      "restart of {:.4g} s and the work since the last checkpoint\n"
      "  help: lower the failures of [reliability], its restart or the cost of a checkpoint, or "
      "give it more spare_nodes",
      nodes, r.failure_rate().si() * 86400.0, (r.detection + r.restart).si()));
}

}  // namespace

ReliabilitySettings reliability_of_island(const Scenario& scenario, const std::string& island) {
  ReliabilitySettings s = *scenario.reliability;
  const auto at = std::ranges::find(scenario.islands, island, &ScenarioIsland::name);
  if (at == scenario.islands.end() || !at->failures) return s;
  s.stops = at->failures->stops;
  s.spread = at->failures->spread;
  s.stops_from = at->failures->stops_from;
  s.slowdowns = at->failures->slowdowns;
  s.slowdowns_from = at->failures->slowdowns_from;
  return s;
}

RunReport run_report(const Scenario& scenario, const StepEstimate& step,
                     const std::vector<IslandUse>& islands) {
  const StepSetup& setup = scenario.setup;
  RunReport report;
  int nodes = setup.cluster.nodes();
  if (scenario.reliability && scenario.placement) {
    report.reliability = reliability_of(scenario, islands, report.checkpoint);
    nodes = 0;
    for (std::size_t i = 0; i < islands.size(); ++i) {
      nodes += used_part(scenario.placement->parts[i].setup.cluster, islands[i].used).nodes();
    }
  } else if (scenario.reliability) {
    report.reliability = reliability_of(*scenario.reliability, setup, report.checkpoint);
  }
  report.estimate =
      estimate_run(scenario.tokens, tokens_per_step(setup.job), step.time, report.reliability);
  if (!report.reliability) return report;
  const RunEstimate& run = report.estimate;
  require_progress(run, *report.reliability, nodes);
  const int runs = scenario.reliability->runs;
  if (runs > 0) {
    const RunTask task{run.training, run.checkpoint_interval.value_or(run.training),
                       *report.reliability};
    report.simulated = distribution_of(
        simulate_runs(task, scenario.reliability->seed, runs, hopeless * run.training));
  }
  return report;
}

std::optional<EnergyReport> energy_report(const Scenario& s, const RunMachines& machines,
                                          Seconds step_time, const RunEstimate& run) {
  const Accelerator& a = machines.accelerator;
  if (!a.tdp || !s.pue) return std::nullopt;
  const int gpus = machines.gpus;
  const Seconds others{machines.other_gpu_hours * 3600.0};
  EnergyReport energy;
  if (s.server_power_factor) {
    energy.servers = a.tdp->value * s.server_power_factor->value * (run.wall * gpus + others);
  } else {
    energy.draw = power_draw(machines.phases, a);
    if (!energy.draw) return std::nullopt;
    energy.step = energy.draw->training() * step_time * gpus;
    energy.servers = run_energy(*energy.draw, run, gpus) + energy.draw->training() * others;
  }
  constexpr double joules_per_mwh = 3.6e9;
  energy.facility_mwh = energy.servers.si() * s.pue->value / joules_per_mwh;
  // Grams a kWh are kilograms a MWh.
  if (s.carbon_g_per_kwh) energy.co2_t = energy.facility_mwh * s.carbon_g_per_kwh->value / 1000.0;
  return energy;
}

}  // namespace fleetwright
