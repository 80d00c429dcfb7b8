// What the numbers rest on.

#include <fmt/format.h>

#include <algorithm>

#include "planner/output/board_sections.hpp"
#include "planner/output/cost_tables.hpp"
#include "planner/output/html.hpp"
#include "planner/output/markup.hpp"
#include "planner/output/report_layout.hpp"
#include "planner/output/source_keys.hpp"

namespace fleetwright {
namespace {

std::string range_text(const CostInput& i) {
  if (i.range.low == i.range.high) return fmt::format("{:.6g} {}", i.range.typical, i.unit);
  return fmt::format("{:.5g} ({:.5g} to {:.5g}) {}", i.range.typical, i.range.low, i.range.high,
                     i.unit);
}

std::string assumptions(const CostReport& cost) {
  Listing listing{{"input", "typical (low to high)", "where from", "sources"}, {}};
  for (const CostInput& i : cost.inputs) {
    listing.rows.push_back({i.name, range_text(i), i.how.empty() ? i.kind : i.kind + ": " + i.how,
                            fmt::format("{}", fmt::join(i.sources, "; "))});
  }
  return board_section(
      "assumptions", "Assumptions",
      html_table("Every input of every line, with its range and sources", listing));
}

std::string methods(const BoardInput& input) {
  const Report& r = input.report;
  return board_section(
      "methods", "Methods",
      html_list(
          {fmt::format("The step is predicted from the model's operators, measured kernels, the "
                       "schedule and the network's links (engine {}); the run is its steps, with "
                       "failures and checkpoints where the scenario has them; the money is the run "
                       "at dated prices of named places.",
                       r.step.engine),
           "Rented: GPU-hours times the rent of the scenario. Owned: each hour of a machine "
           "carries "
           "its price less what is left of it, over the hours of its life that it is in use, and "
           "its electricity, cooling and space. Programme: that run, experiments as a multiple of "
           "it, earlier models by their hours, and people. Fleet: everything bought, and what "
           "space and electricity take for years.",
           fmt::format(
               "Each input has a low, a typical and a high value. Its median is the typical "
               "one, and the density falls in straight lines to both ends; inputs that "
               "share a cause are drawn together. {} samples, seed {}.",
               input.cost.samples, r.scenario.seed),
           std::string("The error of the prediction itself is one of the inputs "
                       "(factor.predicted-hours): measured over predicted time of published "
                       "steps, as validation finds it."),
           "P10, P50 and P90 of lines do not add up; typical values do."}));
}

bool outside_measured(const LayoutLine& line) {
  return line.label == "assumed" ||
         line.text.find("beyond the shapes measured") != std::string::npos;
}

std::string limits(const BoardInput& input, const ReportLayout& layout) {
  std::vector<std::string> texts;
  for (const LayoutLine& line : layout.provenance) {
    if (outside_measured(line)) texts.push_back(fmt::format("{}: {}", line.label, line.text));
  }
  std::string body =
      "<p>What follows was not measured where it is used: it was scaled, carried beyond the shapes "
      "that were timed, or assumed.</p>\n";
  body += html_list(texts);
  std::vector<std::string> absent;
  for (const CostScope& scope : input.cost.scopes) {
    if (!scope.known()) absent.push_back(scope.title + ": " + scope.absent + ".");
    for (const CostLine& line : scope.lines) {
      if (scope.known() && !line.absent.empty()) {
        absent.push_back(fmt::format("{}, of “{}”: {}.", line.name, scope.title, line.absent));
      }
    }
  }
  if (!absent.empty()) body += "<h3>Not counted</h3>\n" + html_list(absent);
  if (!layout.notes.empty()) body += "<h3>Of the run</h3>\n" + html_list(layout.notes);
  return board_section("limits", "Outside what was measured", body);
}

std::string sources(const BoardInput& input, const ReportLayout& layout) {
  std::vector<std::string> texts;
  for (const CostInput& i : input.cost.inputs) {
    texts.insert(texts.end(), i.sources.begin(), i.sources.end());
  }
  for (const Elsewhere& e : input.cost.elsewhere) {
    texts.insert(texts.end(), e.sources.begin(), e.sources.end());
  }
  for (const LayoutLine& line : layout.provenance) texts.push_back(line.text);
  std::string body = "<dl>\n";
  for (const KnownSource& s : sources_named_in(texts)) {
    body += fmt::format("<dt>{}</dt><dd>{}{}</dd>\n", markup_text(s.key), markup_text(s.citation),
                        s.url.empty() ? "" : fmt::format(", {}", markup_text(s.url)));
  }
  return board_section("sources", "Sources", body + "</dl>\n");
}

}  // namespace

std::string board_sources(const BoardInput& input) {
  const ReportLayout layout = layout_of(input.report);
  return assumptions(input.cost) + methods(input) + limits(input, layout) + sources(input, layout);
}

}  // namespace fleetwright
