#include "planner/output/report_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/core/format.hpp"
#include "planner/output/human_value.hpp"
#include "planner/output/report_json.hpp"
#include "planner/output/report_tables.hpp"

namespace fleetwright {
namespace {

const std::string phase_prefix = "run.phases.";
const std::string phase_suffix = ".gpu_hours";
const std::string phase_label = "GPU-hours, ";

struct RowSpec {
  std::string label;
  std::string path;
};

struct SectionSpec {
  std::string title;
  std::vector<RowSpec> rows;
};

std::vector<SectionSpec> section_specs(const Report& report) {
  std::vector<SectionSpec> specs{
      {"Step (parts: means over the pipeline ranks)",
       {{"time", "step.time_s"},
        {"forward passes", "step.parts_s.forward"},
        {"backward passes", "step.parts_s.backward"},
        {"weight gradients", "step.parts_s.weight_gradient"},
        {"forward and backward overlapped", "step.parts_s.overlapped"},
        {"gradient synchronization", "step.parts_s.gradient_sync"},
        {"optimizer", "step.parts_s.optimizer"},
        {"bubble", "step.parts_s.bubble"},
        {"computation, busiest rank", "step.compute_s"},
        {"exposed communication, busiest rank", "step.exposed_communication_s"}}},
      {"Simulated steps of all GPUs",
       {{"steps", "simulation.steps.count"},
        {"time, mean", "simulation.steps.mean_s"},
        {"time, deviation", "simulation.steps.deviation_s"},
        {"time, one step in ten is below", "simulation.steps.p10_s"},
        {"time, one step in ten is above", "simulation.steps.p90_s"},
        {"columns", "simulation.columns"},
        {"columns simulated", "simulation.columns_simulated"}}},
      {"Rate",
       {{"tokens per day", "run.tokens_per_day"},
        {"model flop per GPU, full attention", "step.model_tflops_per_gpu"},
        {"model flop per GPU, causal attention", "step.model_tflops_per_gpu_causal"},
        {"hardware flop per GPU, full attention", "step.hardware_tflops_per_gpu"},
        {"MFU, full attention", "step.mfu"},
        {"MFU, causal attention", "step.mfu_causal"}}},
      {"Memory of the fullest rank",
       {{"peak", "memory.peak_bytes"},
        {"capacity", "memory.capacity_bytes"},
        {"weights", "memory.weights_bytes"},
        {"gradients", "memory.gradients_bytes"},
        {"optimizer states", "memory.optimizer_bytes"},
        {"activations", "memory.activations_bytes"},
        {"buffers", "memory.buffers_bytes"}}},
      {"Run",
       {{"tokens", "run.tokens"},
        {"steps", "run.steps"},
        {"duration", "run.days"},
        {"goodput", "run.goodput"},
        {"effective training time (ETTR)", "run.ettr"},
        {"failures expected", "run.failures_expected"},
        {"planned stops and replacements expected", "run.planned_stops_expected"},
        {"time between failures", "run.time_between_failures_s"},
        {"time between checkpoints", "run.checkpoint_interval_s"},
        {"checkpoint", "run.checkpoint.size_bytes"},
        {"time of a checkpoint", "run.checkpoint.write_s"},
        {"duration, one run in ten is below", "run.simulated.days.p10"},
        {"duration, one run in ten is above", "run.simulated.days.p90"},
        {"failures, one run in ten has fewer", "run.simulated.failures.p10"},
        {"failures, one run in ten has more", "run.simulated.failures.p90"},
        {"GPU-hours per trillion tokens", "run.gpu_hours_per_trillion_tokens"}}},
      {"Cost and energy",
       {{"rental of the GPU-hours", "cost.rental_usd.p50"},
        {"the same hours of own machines", "cost.ownership_usd.p50"},
        {"the programme", "cost.programme_usd.p50"},
        {"the fleet", "cost.fleet_usd.p50"},
        {"power of a GPU, mean of a step", "energy.accelerator_power_w"},
        {"power of a node", "energy.node_power_w"},
        {"energy of a step", "energy.step_j"},
        {"energy of the servers", "energy.servers_mwh"},
        {"energy of the facility", "energy.facility_mwh"},
        {"carbon dioxide", "energy.co2_t"}}},
      {"Model",
       {{"parameters", "model.parameters_total"},
        {"parameters active per token", "model.parameters_active"},
        {"training flop per token, full attention", "model.training_flop_per_token"},
        {"training flop per token, causal", "model.training_flop_per_token_causal"},
        {"KV cache per token, BF16", "model.kv_cache_bytes_per_token"}}}};
  auto& run = std::ranges::find(specs, "Run", &SectionSpec::title)->rows;
  for (std::size_t i = 0; i < report.phases.size(); ++i) {
    const std::string& name = report.phases[i].name;
    // A name with a dot in it would read as a path.
    const bool by_name = name.find('.') == std::string::npos;
    const std::string key = by_name ? name : fmt::format("{}", i);
    run.push_back({phase_label + name, fmt::format("{}{}{}", phase_prefix, key, phase_suffix)});
  }
  run.push_back({"GPU-hours in all", "run.total_gpu_hours"});
  return specs;
}

// "run.phases.a.gpu_hours + run.phases.b.gpu_hours" is the GPU-hours of a + b.
std::string label_of_sum(const std::string& quantity) {
  std::string names;
  std::string_view rest = quantity;
  while (!rest.empty()) {
    const auto plus = rest.find(" + ");
    const std::string_view term = rest.substr(0, plus);
    if (!term.starts_with(phase_prefix) || !term.ends_with(phase_suffix)) return quantity;
    const std::string_view name =
        term.substr(phase_prefix.size(), term.size() - phase_prefix.size() - phase_suffix.size());
    names += (names.empty() ? "" : " + ") + std::string(name);
    rest = plus == std::string_view::npos ? std::string_view{} : rest.substr(plus + 3);
  }
  return phase_label + names;
}

// Numbers the sources of claims in the order in which they are met.
int source_number(std::vector<std::string>& sources, const std::string& source) {
  const auto it = std::ranges::find(sources, source);
  if (it != sources.end()) return static_cast<int>(it - sources.begin()) + 1;
  sources.push_back(source);
  return static_cast<int>(sources.size());
}

void add_claim(LayoutRow& row, const ClaimCheck& check, std::vector<std::string>& sources) {
  row.published = human_value(check.claim.quantity, check.claim.value);
  const auto difference = check.difference();
  row.difference = difference ? signed_percent(*difference) : "-";
  row.source = source_number(sources, check.claim.source);
}

std::vector<LayoutSection> sections_of(const Report& report, std::vector<std::string>& sources) {
  std::vector<LayoutSection> sections;
  const ReportNumbers numbers(report);
  std::set<const ClaimCheck*> shown;
  for (const SectionSpec& spec : section_specs(report)) {
    LayoutSection section{spec.title, {}};
    for (const RowSpec& r : spec.rows) {
      const auto check = std::ranges::find(report.claims, r.path,
                                           [](const ClaimCheck& c) { return c.claim.quantity; });
      const bool claimed = check != report.claims.end();
      const auto value = numbers.at(r.path);
      // Left out unless someone published a figure for it: a part that the schedule has not, and
      // the goodput of a run without failures.
      const bool nothing =
          !value || (*value == 0 && r.path.starts_with("step.parts_s.")) ||
          (!report.scenario.reliability && (r.path == "run.goodput" || r.path == "run.ettr"));
      if (nothing && !claimed) continue;
      LayoutRow row{r.label, r.path, value ? human_value(r.path, *value) : "-", "", "", 0};
      if (claimed) {
        add_claim(row, *check, sources);
        shown.insert(&*check);
      }
      section.rows.push_back(std::move(row));
    }
    if (!section.rows.empty()) sections.push_back(std::move(section));
  }
  LayoutSection others{"Published besides", {}};
  for (const ClaimCheck& check : report.claims) {
    if (shown.contains(&check)) continue;
    const std::string& path = check.claim.quantity;
    LayoutRow row;
    row.label = label_of_sum(path);
    row.path = path;
    row.predicted = check.predicted ? human_value(path, *check.predicted) : "not reported";
    add_claim(row, check, sources);
    others.rows.push_back(std::move(row));
  }
  if (!others.rows.empty()) sections.push_back(std::move(others));
  return sections;
}

// The topology, and what of it is out of the ordinary.
std::string network_of(const Cluster& c) {
  std::string text = c.topology;
  if (c.oversubscription > 1) text += fmt::format(" oversubscribed {:g}:1", c.oversubscription);
  if (c.core_oversubscription > 1)
    text += fmt::format(", {:g}:1 at the core", c.core_oversubscription);
  if (c.routing != Routing::adaptive) text += fmt::format(", {} routing", to_string(c.routing));
  if (c.data_centres.count > 1) text += fmt::format(", in {} data centres", c.data_centres.count);
  return text;
}

std::vector<LayoutLine> setup_of(const Report& report) {
  const StepSetup& setup = report.scenario.setup;
  const ParallelStrategy& s = setup.job.strategy;
  const Cluster& c = setup.cluster;
  constexpr std::string_view recompute[] = {"nothing", "selectively", "whole layers"};
  std::string degrees = fmt::format("tp {} x pp {} x cp {} x dp {}", s.tp, s.pp, s.cp, s.dp);
  if (s.vpp > 1) degrees += fmt::format(", vpp {}", s.vpp);
  if (s.ep > 1) degrees += fmt::format(", ep {}", s.ep);
  if (s.etp > 1) degrees += fmt::format(", etp {}", s.etp);
  if (s.zero_stage > 0) degrees += fmt::format(", zero {}", s.zero_stage);
  if (s.sequence_parallel) degrees += ", sequence parallel";
  return {{"Model", fmt::format("{}, {} parameters, {} active", setup.job.model.name,
                                human_count(report.model.parameters_total),
                                human_count(report.model.parameters_active))},
          {"Machines",
           fmt::format("{} {} in {} nodes of {}, {} x {} a node, {}", c.gpus, c.accelerator.id,
                       c.nodes(), c.gpus_per_node, c.nics_per_node, c.nic.id, network_of(c))},
          {"Strategy", degrees},
          {"Schedule",
           fmt::format("{}, {} micro-batches a pipeline, recomputes {}", s.schedule,
                       s.micro_batches(), recompute[static_cast<std::size_t>(s.recompute)])},
          {"Batch", fmt::format("{} sequences of {} tokens a step", s.global_batch,
                                setup.job.sequence_length)},
          {"Software", fmt::format("{}, {}", setup.stack.id, setup.job.precision.name)},
          {"Engine", report.step.engine}};
}

/// Quantities that rest on one source.
struct ProvenanceGroup {
  Provenance provenance;
  std::vector<std::string> quantities;
};

// One line a source. Estimates name the operators by their share, largest first: the first few say
// what matters, and the JSON document has the rest.
std::vector<LayoutLine> provenance_of(const Report& report) {
  constexpr std::size_t most_named = 4;
  std::vector<ProvenanceGroup> groups;
  for (const ProvenanceEntry& e : report.provenance) {
    auto it = std::ranges::find(groups, e.provenance, &ProvenanceGroup::provenance);
    if (it == groups.end()) it = groups.insert(groups.end(), {e.provenance, {}});
    it->quantities.push_back(e.quantity);
  }
  std::vector<LayoutLine> lines;
  for (const auto& [provenance, quantities] : groups) {
    const std::size_t named = std::min(quantities.size(), most_named);
    std::string text;
    for (std::size_t i = 0; i < named; ++i) text += (i == 0 ? "" : ", ") + quantities[i];
    if (named < quantities.size()) text += fmt::format(" and {} more", quantities.size() - named);
    text += ": " + provenance.source;
    lines.push_back({std::string(to_string(provenance.kind)), std::move(text)});
  }
  return lines;
}

}  // namespace

ReportLayout layout_of(const Report& report) {
  ReportLayout layout;
  layout.title = report.scenario.name;
  layout.question = report.scenario.question;
  layout.setup = setup_of(report);
  layout.sections = sections_of(report, layout.sources);
  layout.tables = report_tables(report);
  for (const CriticalShare& c : report.step.bound_by) {
    layout.critical_path.push_back({fmt::format("{:.1f} %", 100 * c.share), c.what});
  }
  if (report.simulation) {
    for (const std::string& note : report.simulation->notes) {
      layout.notes.push_back(fmt::format("Simulated at granularity {}: {}.",
                                         to_string(report.simulation->granularity), note));
    }
  }
  if (!report.scenario.reliability) {
    layout.notes.emplace_back("No failures, checkpoints or restarts are modelled.");
  }
  if (!report.scenario.rent) {
    layout.notes.emplace_back("No price is given, so there is no cost.");
  }
  layout.provenance = provenance_of(report);
  return layout;
}

}  // namespace fleetwright
