#include "planner/output/cost_formats.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/core/format.hpp"
#include "planner/output/board_report.hpp"
#include "planner/output/cost_tables.hpp"
#include "planner/output/listing.hpp"
#include "planner/output/markup.hpp"
#include "planner/output/text_columns.hpp"

namespace fleetwright {
namespace {

constexpr std::size_t page_width = 100;
constexpr std::size_t most_bars = 6;

std::vector<CostSection> sections_of(const CostReport& cost) {
  std::vector<CostSection> sections;
  for (const CostScope& scope : cost.scopes) sections.push_back(bill_section(cost, scope));
  if (cost.waterfall.size() > 1) sections.push_back(waterfall_section(cost));
  if (!cost.claims.empty()) sections.push_back(claims_section(cost));
  for (const CostScope& scope : cost.scopes) {
    if (scope.known() && !scope.tornado.empty())
      sections.push_back(tornado_section(cost, scope, most_bars));
  }
  if (!cost.emissions.empty()) sections.push_back(emissions_section(cost));
  return sections;
}

// Names to the left, figures to the right.
std::string table(const Listing& listing) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < listing.columns.size(); ++c) {
    widths.push_back(columns_of(listing.columns[c]));
    for (const auto& row : listing.rows) widths[c] = std::max(widths[c], columns_of(row[c]));
  }
  const auto line = [&](const std::vector<std::string>& row) {
    std::string out = "  " + pad_right(row.front(), widths.front());
    for (std::size_t c = 1; c < row.size(); ++c) out += "  " + pad_left(row[c], widths[c]);
    out.erase(out.find_last_not_of(' ') + 1);
    return out + "\n";
  };
  std::string out = line(listing.columns);
  for (const auto& row : listing.rows) out += line(row);
  return out;
}

constexpr const char* footer =
    "P10, P50, P90: a tenth, half and nine tenths of all samples lie below. Percentiles of lines "
    "do "
    "not add up. Inputs and sources of each line: --format json or md. Keys in capitals are "
    "explained in planner/data/sources.toml and profiles/data/sources.toml.";

std::string as_table(const Report& report, const CostReport& cost) {
  std::string out =
      report.scenario.name + ": the money\n" + wrap(cost_terms(report, cost), page_width, 0) + "\n";
  for (const CostSection& section : sections_of(cost)) {
    out += "\n" + section.title + "\n";
    if (!section.table.rows.empty()) out += table(section.table);
    for (const std::string& note : section.notes)
      out += "  " + wrap(note, page_width - 2, 2) + "\n";
  }
  return out + "\n" + wrap(footer, page_width, 0) + "\n";
}

std::string as_markdown(const Report& report, const CostReport& cost) {
  std::string out = fmt::format("# {}: the money\n\n{}\n", markdown_text(report.scenario.name),
                                markdown_text(cost_terms(report, cost)));
  for (const CostSection& section : sections_of(cost)) {
    out += fmt::format("\n## {}\n\n", markdown_text(section.title));
    if (!section.table.rows.empty()) out += print(section.table, "md");
    for (const std::string& note : section.notes) out += "\n" + markdown_text(note) + "\n";
  }
  if (!cost.elsewhere.empty()) {
    const CostSection section = elsewhere_section(cost);
    out += fmt::format("\n## {}\n\n{}", section.title, print(section.table, "md"));
  }
  return out + "\n## Inputs\n\n" + print(inputs_listing(cost), "md") + "\n" + footer + "\n";
}

// One row a line of the bill, for other programs: plain dollars.
Listing rows_of(const Report& report, const CostReport& cost) {
  Listing listing{{"scenario", "scope", "line", "group", "p10_usd", "p50_usd", "p90_usd",
                   "typical_usd", "absent", "formula", "inputs", "sources"},
                  {}};
  for (const CostScope& scope : cost.scopes) {
    for (const CostLine& line : scope.lines) {
      const bool counted = scope.known() && line.absent.empty();
      std::vector<std::string> names;
      std::vector<std::string> sources;
      for (const std::size_t i : line.inputs) {
        names.push_back(cost.inputs[i].name);
        for (const std::string& key : cost.inputs[i].sources) {
          if (std::ranges::find(sources, key) == sources.end()) sources.push_back(key);
        }
      }
      const auto figure = [&](double usd) { return counted ? six_digits(usd) : std::string(); };
      listing.rows.push_back(
          {report.scenario.name, scope.id, line.name, line.group, figure(line.usd.p10),
           figure(line.usd.p50), figure(line.usd.p90), figure(line.typical),
           line.absent.empty() ? scope.absent : line.absent, line.formula,
           fmt::format("{}", fmt::join(names, "; ")), fmt::format("{}", fmt::join(sources, "; "))});
    }
    const auto total = [&](double usd) { return scope.known() ? six_digits(usd) : std::string(); };
    listing.rows.push_back({report.scenario.name, scope.id, "total", "", total(scope.usd.p10),
                            total(scope.usd.p50), total(scope.usd.p90), total(scope.typical),
                            scope.absent, "sum of the lines", "", ""});
  }
  return listing;
}

}  // namespace

std::string print_cost(const Report& report, const CostReport& cost, std::string_view format,
                       const std::vector<SizePoint>& sizes) {
  if (format == "json") return cost_json(report, cost);
  if (format == "md") return as_markdown(report, cost);
  if (format == "csv") return print(rows_of(report, cost), format);
  if (format == "html") return board_report({report, cost, sizes});
  return as_table(report, cost);
}

}  // namespace fleetwright
