#include "planner/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/flop_count.hpp"
#include "models/parameters.hpp"
#include "planner/island_report.hpp"
#include "planner/memory_check.hpp"
#include "planner/output/report_json.hpp"

namespace fleetwright {
namespace {

constexpr double seconds_per_hour = 3600.0;
constexpr double seconds_per_day = 86400.0;

// Published rates leave multi-token prediction out: DeepSeek-V3's 385 and 432 TFLOP/s a GPU are 250
// and 280 GFLOP a token at the published time of a step, the main model alone (ISCA 2025, tables 2,
// 4).
double flop_of(const ModelConfig& model, double sequence_length, AttentionCount count) {
  return training_flop_per_token(model, sequence_length, count, false).si();
}

ModelFacts model_facts(const TrainingJob& job) {
  return {total_parameters(job.model), active_parameters(job.model),
          flop_of(job.model, job.sequence_length, AttentionCount::full),
          flop_of(job.model, job.sequence_length, AttentionCount::causal),
          kv_cache_bytes_per_token(job.model, 2)};
}

// Full recomputation repeats the forward pass of the layers, not of the head: a third of three
// passes, as Megatron's formula has it (Narayanan et al., SC21, equation 3).
std::optional<double> hardware_factor(const TrainingJob& job, double model_flop) {
  if (job.strategy.recompute == Recompute::none) return 1.0;
  if (job.strategy.recompute == Recompute::selective) return std::nullopt;
  const double head = 2.0 * job.model.hidden * job.model.vocabulary;
  return 1.0 + (model_flop / 3.0 - head) / model_flop;
}

// Parts without BF16 have FP16 in its place (Volta).
double peak_for_mfu(const Accelerator& accelerator) {
  const auto bf16 = accelerator.peak_of(Precision::bf16);
  const auto fp16 = accelerator.peak_of(Precision::fp16);
  return bf16 ? bf16->value.si() : fp16 ? fp16->value.si() : 0.0;
}

// The mean of the accelerators that a job runs on.
double peak_for_mfu(const Scenario& s) {
  if (!s.placement) return peak_for_mfu(s.setup.cluster.accelerator);
  double sum = 0;
  for (const IslandPart& part : s.placement->parts) {
    sum += part.setup.job.strategy.gpus() * peak_for_mfu(part.setup.cluster.accelerator);
  }
  return sum / accelerators_of(s);
}

Rates rates_of(const Scenario& s, const StepEstimate& step, const ModelFacts& model) {
  const StepSetup& setup = s.setup;
  Rates r;
  const double tokens_per_second = tokens_per_step(setup.job) / step.time.si();
  r.tokens_per_second_per_gpu = tokens_per_second / accelerators_of(s);
  r.tokens_per_day = tokens_per_second * seconds_per_day;
  r.tflops_per_gpu = model.training_flop_per_token * r.tokens_per_second_per_gpu / 1e12;
  r.tflops_per_gpu_causal =
      model.training_flop_per_token_causal * r.tokens_per_second_per_gpu / 1e12;
  // Islands may compute different parts of the model again.
  if (!s.placement) {
    if (const auto factor = hardware_factor(setup.job, model.training_flop_per_token)) {
      r.hardware_tflops_per_gpu = r.tflops_per_gpu * *factor;
    }
  }
  const double peak = peak_for_mfu(s) / 1e12;
  if (peak > 0) {
    r.mfu = r.tflops_per_gpu / peak;
    r.mfu_causal = r.tflops_per_gpu_causal / peak;
  }
  return r;
}

PhaseEstimate phase_of(const RunPhase& phase, const Report& report) {
  PhaseEstimate e{phase.name,
                  phase.tokens.value_or(0),
                  phase.sequence_length.value_or(0),
                  phase.gpu_hours.value_or(0),
                  {ProvenanceKind::published, phase.source}};
  if (phase.rollouts) {
    const Rollouts& r = *phase.rollouts;
    const RolloutEstimate rollouts =
        estimate_rollouts(r, report.scenario.setup.cluster.gpus_per_node);
    e.tokens = rollouts.tokens;
    e.gpu_hours = rollouts.gpu_hours;
    e.provenance = {
        ProvenanceKind::assumed,
        fmt::format("{:.4g} rounds of {:.4g} s, {}; rates and outputs: {}", rollouts.rounds,
                    std::max(rollouts.round_by_rate, rollouts.round_by_longest).si(),
                    rollouts.waits_for_longest()
                        ? fmt::format("which wait for the longest output (the rate of "
                                      "the nodes alone would be {:.4g} s)",
                                      rollouts.round_by_rate.si())
                        : "at the rate of the nodes",
                    phase.source)};
  } else if (!phase.gpu_hours) {
    const double flop =
        flop_of(report.scenario.setup.job.model, *phase.sequence_length, AttentionCount::causal);
    e.gpu_hours =
        flop * *phase.tokens / (report.rates.tflops_per_gpu_causal * 1e12) / seconds_per_hour;
    e.provenance = {ProvenanceKind::assumed, fmt::format("at the rate of the {} step; tokens: {}",
                                                         report.scenario.main_phase, phase.source)};
  }
  return e;
}

void add_phases(Report& report) {
  const Scenario& s = report.scenario;
  const double hours = report.run.estimate.wall.si() * accelerators_of(s) / seconds_per_hour;
  report.phases.push_back({s.main_phase,
                           s.tokens,
                           s.setup.job.sequence_length,
                           hours,
                           {ProvenanceKind::assumed, "the estimate of the step and of the run"}});
  for (const RunPhase& phase : s.phases) report.phases.push_back(phase_of(phase, report));
  for (const PhaseEstimate& phase : report.phases) report.total_gpu_hours += phase.gpu_hours;
  report.gpu_hours_per_trillion_tokens = hours / (s.tokens / 1e12);
}

void add_money_and_energy(Report& report) {
  const Scenario& s = report.scenario;
  if (s.placement) return add_island_money_and_energy(report);
  const Seconds seconds{report.total_gpu_hours * seconds_per_hour};
  if (s.rent) report.rental_usd = (s.rent->value * seconds).si();
  const Cluster& c = s.setup.cluster;
  const double others = report.total_gpu_hours - report.phases.front().gpu_hours;
  report.energy = energy_report(s, {c.accelerator, c.gpus, report.step.phases, others},
                                report.step.time, report.run.estimate);
}

void add_reliability_provenance(const ReliabilitySettings& r, const std::string& of,
                                std::vector<ProvenanceEntry>& entries) {
  entries.push_back({"failures" + of, r.stops_from});
  if (of.empty()) entries.push_back({"detection and restart", r.recovery_from});
  if (!r.slowdowns.empty()) entries.push_back({"slow GPUs and links" + of, r.slowdowns_from});
}

void add_reliability_provenance(const Report& report, std::vector<ProvenanceEntry>& entries) {
  const Scenario& s = report.scenario;
  if (report.islands.empty()) return add_reliability_provenance(*s.reliability, "", entries);
  entries.push_back({"detection and restart", s.reliability->recovery_from});
  for (const IslandReport& island : report.islands) {
    add_reliability_provenance(reliability_of_island(s, island.name), " of " + island.name,
                               entries);
  }
}

void add_power_provenance(const Accelerator& a, const EnergyReport& energy, const std::string& of,
                          const Provenance& facility, std::vector<ProvenanceEntry>& entries) {
  entries.push_back({"accelerator power" + of, a.tdp->provenance});
  entries.push_back({"power of server and facility" + of, facility});
  if (!energy.draw) return;
  const PowerCurve& curve = power_curve_of(a);
  entries.push_back({"power in matrix products" + of, curve.compute_bound.provenance});
  entries.push_back({"power in other kernels" + of, curve.memory_bound.provenance});
  entries.push_back({"power in collectives" + of, curve.communicating.provenance});
  entries.push_back({"power in bubbles" + of, curve.waiting.provenance});
  entries.push_back({"power while stopped" + of, curve.idle.provenance});
  entries.push_back({"power of the hosts" + of, curve.host.provenance});
}

void add_power_provenance(const Report& report, std::vector<ProvenanceEntry>& entries) {
  const Scenario& s = report.scenario;
  if (report.energy && report.islands.empty()) {
    add_power_provenance(s.setup.cluster.accelerator, *report.energy, "", s.pue->provenance,
                         entries);
  }
  for (std::size_t i = 0; i < report.islands.size(); ++i) {
    const IslandReport& island = report.islands[i];
    if (!island.energy) continue;
    add_power_provenance(s.placement->parts[i].setup.cluster.accelerator, *island.energy,
                         " of " + island.name, s.pue->provenance, entries);
  }
}

// What the owner's cost, the programme and the fleet rest on; the rent stands by itself.
void add_cost_provenance(const CostReport& cost, std::vector<ProvenanceEntry>& entries) {
  for (const CostInput& input : cost.inputs) {
    if (input.kind == "estimate" || input.kind == "fixed" || input.name == "rent") continue;
    const bool published = input.kind != "assumed" && input.kind != "derived" &&
                           input.kind != "model" && input.kind != "scenario";
    entries.push_back({input.name + " (cost)",
                       {published ? ProvenanceKind::published : ProvenanceKind::assumed,
                        fmt::format("{}", fmt::join(input.sources, " "))}});
  }
}

void add_provenance(Report& report) {
  const Scenario& s = report.scenario;
  const Accelerator& a = s.setup.cluster.accelerator;
  auto& entries = report.provenance;
  entries.insert(entries.begin(), report.step.provenance.begin(), report.step.provenance.end());
  entries.push_back({"memory capacity", a.memory_capacity.provenance});
  if (const auto peak = a.peak_of(Precision::bf16))
    entries.push_back({"BF16 peak", peak->provenance});
  for (const PhaseEstimate& phase : report.phases) {
    entries.push_back({fmt::format("{} GPU-hours", phase.name), phase.provenance});
  }
  if (s.reliability) {
    add_reliability_provenance(report, entries);
  } else {
    entries.push_back({"failures and restarts", {ProvenanceKind::assumed, "none modelled"}});
  }
  if (s.rent && !s.placement) entries.push_back({"rent", s.rent->provenance});
  add_power_provenance(report, entries);
  if (report.cost) add_cost_provenance(*report.cost, entries);
}

Report report_of(const Scenario& scenario, StepEstimate step,
                 std::vector<IslandReport> islands = {}) {
  std::vector<IslandUse> uses;
  for (const IslandReport& island : islands) uses.push_back(island.use);
  Report report;
  report.scenario = scenario;
  report.model = model_facts(scenario.setup.job);
  report.step = std::move(step);
  report.islands = std::move(islands);
  for (const IslandReport& island : report.islands) require_memory(island);
  if (report.islands.empty()) require_memory(scenario.setup, report.step);
  report.rates = rates_of(scenario, report.step, report.model);
  report.run = run_report(scenario, report.step, uses);
  add_phases(report);
  add_money_and_energy(report);
  if (scenario.cost && !scenario.placement) report.cost = cost_report(report);
  add_provenance(report);
  return report;
}

void check_claims(Report& report) {
  const ReportNumbers numbers(report);
  for (const Claim& claim : report.scenario.claims) {
    report.claims.push_back({claim, numbers.at(claim.quantity)});
  }
}

// One job on several islands: its strategy in the report is what they have in common.
Report make_placed_report(Scenario scenario, const Estimator& estimator) {
  const IslandJob& job = *scenario.placement;
  IslandEstimate estimate = estimate_islands(job, estimator);
  scenario.setup.job.strategy.global_batch = job.global_batch();
  if (job.mode == IslandMode::pipeline) {
    scenario.setup.job.strategy.pp = static_cast<int>(estimate.step.memory.size());
  }
  std::vector<IslandReport> islands = island_reports(job, estimate);
  return report_of(scenario, std::move(estimate.step), std::move(islands));
}

}  // namespace

std::optional<double> owned_usd_of(const Report& report) {
  if (report.islands.empty()) {
    if (!report.cost || !report.cost->scope("owned").known()) return std::nullopt;
    return report.cost->scope("owned").typical;
  }
  double usd = 0;
  for (const IslandReport& island : report.islands) {
    if (!island.owned_usd) return std::nullopt;
    usd += *island.owned_usd;
  }
  return usd;
}

Report make_report(const Scenario& scenario, const Estimator& estimator) {
  if (scenario.placement) return make_placed_report(scenario, estimator);
  Report report = report_of(scenario, estimate_step(scenario.setup, estimator));
  check_claims(report);
  return report;
}

Report make_report(const Scenario& scenario, ClusterSimulation simulation) {
  Report report = report_of(scenario, std::move(simulation.step));
  report.simulation = simulation_report(simulation);
  if (scenario.variation) {
    report.provenance.push_back({"differences between parts", scenario.variation_from});
  }
  check_claims(report);
  return report;
}

}  // namespace fleetwright
