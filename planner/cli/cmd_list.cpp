#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/activation_profile.hpp"
#include "models/core/data_files.hpp"
#include "models/core/format.hpp"
#include "models/model_config.hpp"
#include "models/parameters.hpp"
#include "models/schedules/pipeline_schedule.hpp"
#include "planner/catalogue.hpp"
#include "planner/cli/commands.hpp"
#include "planner/cli/result.hpp"
#include "planner/cost/epoch_cost.hpp"
#include "planner/output/export_formats.hpp"
#include "planner/output/listing.hpp"
#include "planner/price_book.hpp"
#include "profiles/coverage.hpp"
#include "profiles/hardware_data.hpp"
#include "sim/collectives/builtin_collectives.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright::cli {
namespace {

/// Gathers cells of one row and the sources that they rest on.
class SourcedRow {
 public:
  explicit SourcedRow(std::string id) : cells_{std::move(id)} {}

  template <typename T, typename Print>
  void add(const Sourced<T>& value, Print print) {
    cells_.push_back(print(value.value));
    sources_.insert(
        fmt::format("{} ({})", value.provenance.source, to_string(value.provenance.kind)));
  }
  template <typename T, typename Print>
  void add(const std::optional<Sourced<T>>& value, Print print) {
    if (value) return add(*value, print);
    cells_.emplace_back("-");
  }
  void add(std::string text) { cells_.push_back(std::move(text)); }

  [[nodiscard]] std::vector<std::string> finish() const {
    auto cells = cells_;
    cells.push_back(fmt::format("{}", fmt::join(sources_, "; ")));
    return cells;
  }

 private:
  std::vector<std::string> cells_;
  std::set<std::string> sources_;
};

std::string gigabytes_per_second(BytesPerSecond rate) {
  return fmt::format("{:g} GB/s", rate.si() / 1e9);
}
std::string tflops(FlopPerSecond rate) { return fmt::format("{:g} TFLOP/s", rate.si() / 1e12); }
std::string gibibytes(Bytes bytes) { return human(bytes); }
std::string watts(Watts power) { return fmt::format("{:g} W", power.si()); }
std::string seconds(Seconds time) { return human(time); }

/// The first word of a kernel's name, where the rest are many: products, attention, or neither.
std::string kernel_family(const std::string& kernel) {
  if (kernel.starts_with("gemm") || kernel.starts_with("grouped_gemm")) return "gemm";
  return kernel.starts_with("attention") ? "attention" : "streaming";
}

/// Shapes that were timed: "gemm 87, attention 6 measured 2026-12-01; gemm 1456 published".
std::string kernels_known(const Accelerator& a) {
  std::map<ProvenanceKind, std::map<std::string, int>> shapes;
  std::map<ProvenanceKind, std::string> newest;
  for (const Coverage& c : coverage_of(hardware_data().profiles.profile(a.id))) {
    shapes[c.kind][kernel_family(c.kernel)] += c.shapes;
    newest[c.kind] = std::max(newest[c.kind], c.newest);
  }
  std::vector<std::string> parts;
  for (const auto& [kind, families] : shapes) {
    std::vector<std::string> counts;
    for (const auto& [family, count] : families) {
      counts.push_back(fmt::format("{} {}", family, count));
    }
    const std::string& date = newest[kind];
    parts.push_back(fmt::format("{} {}{}{}", fmt::join(counts, ", "), to_string(kind),
                                date.empty() ? "" : " ", date));
  }
  if (!a.same_chip_as.empty()) parts.push_back("those of " + a.same_chip_as);
  return parts.empty() ? "-" : fmt::format("{}", fmt::join(parts, "; "));
}

Listing accelerators() {
  Listing listing{
      {"id", "memory", "bandwidth", "bf16", "fp8", "scale-up", "nic", "tdp", "kernels", "sources"},
      {}};
  for (const auto& [id, a] : catalogue().accelerators) {
    SourcedRow row(id);
    row.add(a.memory_capacity, gibibytes);
    row.add(a.memory_bandwidth, gigabytes_per_second);
    row.add(a.peak_of(Precision::bf16), tflops);
    row.add(a.peak_of(Precision::fp8), tflops);
    row.add(a.scale_up_domain,
            [&](double gpus) { return fmt::format("{} x {:g}", a.scale_up_link, gpus); });
    row.add(a.nic.empty() ? "-" : a.nic);
    row.add(a.tdp, watts);
    row.add(kernels_known(a));
    listing.rows.push_back(row.finish());
  }
  return listing;
}

Listing kernels() {
  Listing listing{{"accelerator", "kernel", "shapes", "kind", "as of", "libraries", "sources"}, {}};
  for (const auto& [id, a] : catalogue().accelerators) {
    for (const Coverage& c : coverage_of(hardware_data().profiles.profile(id))) {
      const std::string dates =
          c.oldest == c.newest ? c.newest : fmt::format("{} to {}", c.oldest, c.newest);
      listing.rows.push_back({id, c.kernel, fmt::format("{}", c.shapes),
                              std::string(to_string(c.kind)), dates.empty() ? "-" : dates,
                              fmt::format("{}", fmt::join(c.libraries, ", ")),
                              fmt::format("{}", fmt::join(c.sources, ", "))});
    }
  }
  return listing;
}

Listing links() {
  Listing listing{{"id", "kind", "nominal", "achievable", "latency", "sources"}, {}};
  for (const auto& [id, link] : catalogue().links) {
    SourcedRow row(id);
    row.add(link.scale_up ? "scale-up" : "scale-out");
    row.add(link.bandwidth, gigabytes_per_second);
    row.add(link.achievable_bandwidth, gigabytes_per_second);
    row.add(link.latency, seconds);
    listing.rows.push_back(row.finish());
  }
  return listing;
}

Listing models() {
  Listing listing{{"name", "parameters", "active", "layers", "hidden", "experts", "vocabulary"},
                  {}};
  for (const std::string& name : zoo_models()) {
    const ModelConfig m = read_model_config(data_file("models/zoo/" + name + ".json"));
    listing.rows.push_back({name, human_count(total_parameters(m)),
                            human_count(active_parameters(m)), fmt::format("{}", m.layers),
                            fmt::format("{}", m.hidden),
                            m.moe ? fmt::format("{} of {}", m.moe->active, m.moe->experts) : "-",
                            fmt::format("{}", m.vocabulary)});
  }
  return listing;
}

// Most activations of a rank over those of one micro-batch, at this many ranks and, where there is
// a choice, two chunks.
double activations_kept(const PipelineSchedule& schedule, int ranks) {
  const int chunks = schedule.fixed_chunks().value_or(2);
  const PipelinePlan plan = schedule.plan({ranks, chunks, 4 * ranks});
  const Bytes part{1.0 / chunks};
  const std::vector<StageActivations> of_stage(static_cast<std::size_t>(plan.stages), {part, part});
  Bytes peak;
  for (const auto& slots : plan.slots) peak = std::max(peak, peak_activations(slots, of_stage));
  return peak.si();
}

Listing schedules() {
  constexpr int ranks = 8;
  Listing listing{{"name", "chunks", "activations at pp 8", "parameters", "what it does"}, {}};
  for (const auto& row : builtin_schedules()) {
    const auto schedule = row.make();
    const auto chunks = schedule->fixed_chunks();
    const PipelinePlan plan = schedule->plan({ranks, chunks.value_or(2), 4 * ranks});
    listing.rows.push_back({std::string(row.name), chunks ? fmt::format("{}", *chunks) : "vpp",
                            fmt::format("{:g} x", activations_kept(*schedule, ranks)),
                            fmt::format("{} x", plan.copies_of_each_stage), std::string(row.help)});
  }
  return listing;
}

Listing topologies() {
  Listing listing{{"name", "what it is"}, {}};
  for (const auto& row : builtin_topologies()) {
    listing.rows.push_back({std::string(row.name), std::string(row.help)});
  }
  return listing;
}

std::string kinds_of(const CollectiveAlgorithm& algorithm) {
  std::string kinds;
  for (const CollectiveKind kind :
       {CollectiveKind::all_reduce, CollectiveKind::all_gather, CollectiveKind::reduce_scatter,
        CollectiveKind::dispatch, CollectiveKind::combine}) {
    if (!algorithm.supports(kind, {2, 2})) continue;
    kinds += (kinds.empty() ? "" : ", ") + std::string(to_string(kind));
  }
  return kinds;
}

Listing collectives() {
  Listing listing{{"name", "what it does", "collectives", "protocols", "source"}, {}};
  for (const auto& row : builtin_collectives()) {
    std::string protocols;
    std::string source;
    for (const CollectiveProtocol& p : hardware_data().collectives.at(std::string(row.name))) {
      protocols += (protocols.empty() ? "" : ", ") + p.name;
      source =
          fmt::format("{}: {}", to_string(p.launch.provenance.kind), p.launch.provenance.source);
    }
    listing.rows.push_back(
        {std::string(row.name), std::string(row.help), kinds_of(*row.make()), protocols, source});
  }
  return listing;
}

Listing software() {
  Listing listing{{"id", "layout", "gradients overlap", "sms taken", "name", "sources"}, {}};
  for (const auto& [id, s] : catalogue().software) {
    SourcedRow row(id);
    row.add(s.pipeline_layout, [](const std::string& layout) { return layout; });
    row.add(s.overlap_gradient_reduction, [](bool overlap) { return overlap ? "yes" : "no"; });
    row.add(s.communication_sms, [](double sms) { return fmt::format("{:g}", sms); });
    row.add(s.name);
    listing.rows.push_back(row.finish());
  }
  return listing;
}

Listing precisions() {
  Listing listing{{"name", "gemm", "attention", "head", "source"}, {}};
  for (const auto& [name, p] : catalogue().precisions) {
    listing.rows.push_back({name, std::string(to_string(p.gemm)),
                            std::string(to_string(p.attention)), std::string(to_string(p.head)),
                            p.source});
  }
  return listing;
}

Listing prices() {
  Listing listing{{"item", "kind", "region", "date", "low", "typical", "high", "unit", "confidence",
                   "sources", "note"},
                  {}};
  const auto figure = [](double value) { return fmt::format("{:.6g}", value); };
  for (const Price& p : price_book().prices()) {
    listing.rows.push_back({p.item, p.kind, p.region, p.date ? to_string(*p.date) : "any time",
                            figure(p.range.low), figure(p.range.typical), figure(p.range.high),
                            p.unit, p.confidence, p.source, p.note});
  }
  return listing;
}

// Epoch AI's amortised costs, followed by their formula; errors are ours over theirs less 1.
Listing epoch_costs() {
  Listing listing{{"model", "accelerator", "chip_hours", "published", "from_value_at_purchase",
                   "error", "from_value_at_start", "error_at_start"},
                  {}};
  for (const EpochRun& run : read_epoch_runs(data_file("planner/data/epoch_costs.csv"))) {
    const double bought = epoch_cost_usd(run, EpochValue::at_purchase);
    const double fallen = epoch_cost_usd(run, EpochValue::at_start);
    listing.rows.push_back({run.model, run.accelerator, human_count(run.chip_hours),
                            human(Usd{run.published_usd}), human(Usd{bought}),
                            signed_percent(bought / run.published_usd - 1), human(Usd{fallen}),
                            signed_percent(fallen / run.published_usd - 1)});
  }
  return listing;
}

Listing rules() {
  return list_rules(read_export_rules(data_file("planner/data/export_rules.toml")));
}

using MakeListing = Listing (*)();

/// What `list` knows.
constexpr std::pair<const char*, MakeListing> listings[] = {{"accelerators", accelerators},
                                                            {"kernels", kernels},
                                                            {"models", models},
                                                            {"schedules", schedules},
                                                            {"topologies", topologies},
                                                            {"collectives", collectives},
                                                            {"links", links},
                                                            {"software", software},
                                                            {"precisions", precisions},
                                                            {"prices", prices},
                                                            {"epoch-costs", epoch_costs},
                                                            {"rules", rules}};

int list(const std::string& what, const OutputOptions& output) {
  for (const auto& [name, make] : listings) {
    if (what != name) continue;
    write_result(print(make(), output.format), output.file);
  }
  return 0;
}

}  // namespace

void add_list(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("list", "what is known, with sources");
  std::vector<std::string> names;
  for (const auto& listing : listings) names.emplace_back(listing.first);
  const std::string help = fmt::format("{}", fmt::join(names, ", "));
  auto what = std::make_shared<std::string>();
  command->add_option("WHAT", *what, help)->required()->check(CLI::IsMember(names));
  const auto output = add_output_options(*command);
  command->callback(
      [what, output, &action] { action = [what, output] { return list(*what, *output); }; });
}

}  // namespace fleetwright::cli
