// The run that the money is for.

#include <fmt/format.h>

#include <algorithm>

#include "models/core/format.hpp"
#include "planner/output/board_sections.hpp"
#include "planner/output/charts/charts.hpp"
#include "planner/output/cost_tables.hpp"
#include "planner/output/html.hpp"
#include "planner/output/markup.hpp"
#include "planner/output/report_layout.hpp"
#include "planner/output/trace_bins.hpp"

namespace fleetwright {
namespace {

constexpr std::size_t timeline_bins = 400;
constexpr double gib = 1024.0 * 1024.0 * 1024.0;
constexpr double hours_per_day = 24;

std::string gpus_text(int gpus) { return fmt::format("{} GPUs", gpus); }

std::string sizes(const BoardInput& input) {
  if (input.sizes.size() < 2) return "";
  Curve rented{"rented", chart_colour("blue"), {}};
  Curve owned{"on machines of one's own", chart_colour("rust"), {}};
  Listing table{{"accelerators", "days", "rented", "own machines"}, {}};
  for (const SizePoint& p : input.sizes) {
    const std::string name = gpus_text(p.accelerators);
    if (p.rented_usd) rented.points.push_back({p.days, *p.rented_usd, name});
    if (p.owned_usd) owned.points.push_back({p.days, *p.owned_usd, name});
    table.rows.push_back({name + (p.asked ? ", the scenario's" : ""), fmt::format("{:.1f}", p.days),
                          p.rented_usd ? money(*p.rented_usd) : "-",
                          p.owned_usd ? money(*p.owned_usd) : "-"});
  }
  std::vector<Curve> curves;
  for (const Curve& c : {rented, owned}) {
    if (!c.points.empty()) curves.push_back(c);
  }
  if (curves.empty()) return "";
  std::vector<Curve::Point> marked;
  if (const auto& p = input.cost.published_rental) {
    const int gpus = input.report.scenario.setup.cluster.gpus;
    marked.push_back({p->gpu_hours / gpus / hours_per_day, p->usd, "published GPU-hours, rented"});
  }
  return "<h3>Time against cost</h3>\n" +
         html_figure(
             time_cost_chart({"chart-sizes", "Time against cost",
                              "The same run on more or fewer accelerators: days to the right, US "
                              "dollars upwards, both logarithmic. The table after it has the same "
                              "points."},
                             curves, marked),
             "The same batch and strategy with more or fewer data-parallel replicas, in closed "
             "form and at typical prices. Sizes that break a rule or do not fit are left out.") +
         html_table("The same run on other numbers of accelerators", table);
}

std::string memory(const Report& report) {
  if (report.step.memory.empty()) return "";
  MemoryParts parts;
  parts.names = {"weights", "gradients", "optimizer", "activations", "buffers"};
  for (const MemoryFootprint& m : report.step.memory) {
    parts.ranks.push_back({m.weights.si() / gib, m.gradients.si() / gib, m.optimizer.si() / gib,
                           m.activations.si() / gib, m.buffers.si() / gib});
  }
  parts.capacity = report.scenario.setup.cluster.accelerator.memory_capacity.value.si() / gib;
  const MemoryFootprint& fullest = report.step.fullest();
  Listing table{{"part", "of the fullest rank"}, {}};
  const std::array<Bytes, 5> amounts{fullest.weights, fullest.gradients, fullest.optimizer,
                                     fullest.activations, fullest.buffers};
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    table.rows.push_back({parts.names[i], human(amounts[i])});
  }
  table.rows.push_back({"in all", human(fullest.peak())});
  return "<h3>Memory of a GPU</h3>\n" +
         html_figure(memory_chart({"chart-memory", "Memory of one GPU of each pipeline rank",
                                   "Stacked bars of weights, gradients, optimizer states, "
                                   "activations and buffers, with the capacity as a dashed line. "
                                   "The table after it has the fullest rank."},
                                  parts),
                     "At the worst moment of a step.") +
         html_table("Memory of the fullest rank", table);
}

// Phases one after the other, on all machines of the scenario.
std::string phases(const Report& report) {
  TimelineRows rows;
  Listing table{{"phase", "GPU-hours", "days"}, {}};
  const int gpus = report.scenario.setup.cluster.gpus;
  for (const PhaseEstimate& p : report.phases) {
    const double days = p.gpu_hours / gpus / hours_per_day;
    rows.rows.push_back(p.name);
    rows.bars.push_back({rows.rows.size() - 1, rows.end, rows.end + days, 0});
    rows.end += days;
    table.rows.push_back({p.name, human_count(p.gpu_hours), fmt::format("{:.2f}", days)});
  }
  rows.kinds = {"phase"};
  rows.unit = fmt::format("days on {} GPUs", gpus);
  return "<h3>The run in days</h3>\n" +
         html_figure(timeline_chart({"chart-phases", "The phases of the run",
                                     "Phases one after the other in days. The table after it has "
                                     "the same numbers."},
                                    rows),
                     "Phases one after the other, each on all machines.") +
         html_table("Phases", table);
}

std::string timeline(const Report& report) {
  const TimelineRows rows = trace_bins(report.step.trace, report.step.time, timeline_bins);
  if (rows.bars.empty()) return "";
  return "<h3>One step, rank by rank</h3>\n" +
         html_figure(
             timeline_chart({"chart-timeline", "One step, rank by rank",
                             "For each pipeline rank, what fills the time of a step: passes, "
                             "optimizer, communication; white is waiting."},
                            rows),
             fmt::format("What fills most of each {:.3g}th part of a step of {}; white is waiting.",
                         static_cast<double>(timeline_bins), human(report.step.time)));
}

std::string estimates(const Report& report) {
  const ReportLayout layout = layout_of(report);
  std::string out = "<dl>\n";
  for (const LayoutLine& l : layout.setup) {
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", markup_text(l.label), markup_text(l.text));
  }
  out += "</dl>\n";
  Listing table{{"quantity", "predicted", "published", "difference", "source"}, {}};
  for (const LayoutSection& section : layout.sections) {
    for (const LayoutRow& row : section.rows) {
      if (row.published.empty()) continue;
      table.rows.push_back({row.label, row.predicted, row.published, row.difference,
                            layout.sources[static_cast<std::size_t>(row.source - 1)]});
    }
  }
  if (!table.rows.empty()) out += html_table("What was published of the run", table);
  return out;
}

std::string energy(const CostReport& cost) {
  if (cost.emissions.empty()) return "";
  const CostSection section = emissions_section(cost);
  std::string body;
  if (!section.table.rows.empty()) body += html_table(section.title, section.table);
  if (!section.notes.empty()) body += html_list(section.notes);
  if (!cost.elsewhere.empty()) {
    const CostSection rows = elsewhere_section(cost);
    body += html_table(rows.title, rows.table);
  }
  return board_section("energy", "Energy and carbon dioxide", body);
}

}  // namespace

std::string board_run(const BoardInput& input) {
  const Report& report = input.report;
  return board_section("run", "The run",
                       estimates(report) + phases(report) + sizes(input) + memory(report) +
                           timeline(report)) +
         energy(input.cost);
}

}  // namespace fleetwright
