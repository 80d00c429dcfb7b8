#include "planner/output/cost_formats.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/core/format.hpp"
#include "planner/output/listing.hpp"
#include "planner/output/text_columns.hpp"

namespace fleetwright {
namespace {

constexpr std::size_t page_width = 100;
constexpr std::size_t most_bars = 6;

std::string money(double usd) { return usd < 0 ? "-" + human(Usd{-usd}) : human(Usd{usd}); }

std::vector<std::string> row_of(const std::string& name, const Percentiles& p, double typical) {
  return {name, money(p.p10), money(p.p50), money(p.p90), money(typical)};
}

/// A headed table with text below it, in the order of the page.
struct CostSection {
  std::string title;
  Listing table;
  std::vector<std::string> notes;
};

CostSection bill(const CostReport& cost, const CostScope& scope) {
  CostSection section{scope.title, {{"line", "P10", "P50", "P90", "typical"}, {}}, {}};
  if (!scope.known()) {
    section.notes.push_back("No total: " + scope.absent + ".");
    return section;
  }
  for (const CostLine& line : scope.lines) {
    if (line.absent.empty()) {
      section.table.rows.push_back(row_of(line.name, line.usd, line.typical));
    } else {
      section.notes.push_back(fmt::format("Not counted, {}: {}.", line.name, line.absent));
    }
  }
  for (const CostGroup& group : scope.groups) {
    section.table.rows.push_back(row_of(group.name + ", in all", group.usd, group.typical));
  }
  section.table.rows.push_back(row_of("total", scope.usd, scope.typical));
  for (const FleetProcurement& p : cost.procurement) {
    if (scope.id != "fleet") break;
    section.notes.push_back(fmt::format("Export rules, {} sold to {} on {}: {}{}.", p.accelerator,
                                        p.destination, to_string(p.bought), p.verdict,
                                        p.clause.empty() ? "" : " by " + p.clause));
  }
  if (scope.id == "rented" && cost.published_rental) {
    const PublishedRental& p = *cost.published_rental;
    section.notes.push_back(fmt::format("At the published {} GPU-hours the rent is {}.",
                                        human_count(p.gpu_hours), money(p.usd)));
  }
  return section;
}

CostSection waterfall(const CostReport& cost) {
  CostSection section{"From the first number to the last (typical values, which add up)",
                      {{"step", "change", "total"}, {}},
                      {}};
  for (const WaterfallStep& step : cost.waterfall) {
    section.table.rows.push_back(
        {step.name, step.total ? "" : money(step.usd), step.total ? money(step.usd) : ""});
  }
  return section;
}

std::string verdict_of(const CostClaimCheck& c) {
  if (!c.ours) return "no basis";
  if (c.inside()) return "inside";
  const bool below = c.claim.value < c.ours->p10;
  return fmt::format("{} ours, {:.2g} x P50", below ? "below" : "above",
                     c.claim.value / c.ours->p50);
}

CostSection claims(const CostReport& cost) {
  CostSection section{
      "What was published", {{"claim", "of", "published", "our P10 to P90", "it is"}, {}}, {}};
  for (const CostClaimCheck& c : cost.claims) {
    section.table.rows.push_back(
        {c.claim.text, c.claim.of, money(c.claim.value),
         c.ours ? fmt::format("{} to {}", money(c.ours->p10), money(c.ours->p90)) : "-",
         verdict_of(c)});
    if (!c.claim.explanation.empty()) {
      section.notes.push_back(fmt::format("{}: {}", c.claim.text, c.claim.explanation));
    }
    if (!c.absent.empty()) section.notes.push_back(c.claim.text + ": " + c.absent + ".");
  }
  return section;
}

CostSection tornado(const CostReport& cost, const CostScope& scope) {
  CostSection section{"What moves it most: " + scope.title,
                      {{"input", "low", "high", "unit", "total at low", "total at high"}, {}},
                      {}};
  for (const TornadoBar& bar : scope.tornado) {
    if (section.table.rows.size() == most_bars) break;
    const CostInput& input = cost.inputs[bar.input];
    section.table.rows.push_back({input.name, fmt::format("{:.4g}", input.range.low),
                                  fmt::format("{:.4g}", input.range.high), input.unit,
                                  money(bar.low_usd), money(bar.high_usd)});
  }
  return section;
}

std::vector<CostSection> sections_of(const CostReport& cost) {
  std::vector<CostSection> sections;
  for (const CostScope& scope : cost.scopes) sections.push_back(bill(cost, scope));
  if (cost.waterfall.size() > 1) sections.push_back(waterfall(cost));
  if (!cost.claims.empty()) sections.push_back(claims(cost));
  for (const CostScope& scope : cost.scopes) {
    if (scope.known() && !scope.tornado.empty()) sections.push_back(tornado(cost, scope));
  }
  return sections;
}

Listing inputs_of(const CostReport& cost) {
  Listing listing{{"input", "low", "typical", "high", "unit", "kind", "how", "sources"}, {}};
  for (const CostInput& i : cost.inputs) {
    const auto figure = [](double value) { return fmt::format("{:.5g}", value); };
    listing.rows.push_back({i.name, figure(i.range.low), figure(i.range.typical),
                            figure(i.range.high), i.unit, i.kind, i.how.empty() ? "-" : i.how,
                            fmt::format("{}", fmt::join(i.sources, "; "))});
  }
  return listing;
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

std::string terms(const Report& report, const CostReport& cost) {
  if (!report.scenario.cost) return "No [cost]: only what needs no price book is counted.";
  const CostSettings& s = *report.scenario.cost;
  std::vector<std::string> overridden;
  for (const Price& p : s.overrides) overridden.push_back(p.item);
  return fmt::format("Prices of {} in {}; {} samples, seed {}; {} GPU-hours by engine {}.{}",
                     to_string(s.date), fmt::join(s.regions, ", else "), cost.samples,
                     report.scenario.seed, human_count(report.total_gpu_hours), report.step.engine,
                     overridden.empty()
                         ? ""
                         : fmt::format(" The scenario overrides {}.", fmt::join(overridden, ", ")));
}

constexpr const char* footer =
    "P10, P50, P90: a tenth, half and nine tenths of all samples lie below. Percentiles of lines "
    "do "
    "not add up. Inputs and sources of each line: --format json or md. Keys in capitals are "
    "explained in planner/data/sources.toml and profiles/data/sources.toml.";

std::string as_table(const Report& report, const CostReport& cost) {
  std::string out =
      report.scenario.name + ": the money\n" + wrap(terms(report, cost), page_width, 0) + "\n";
  for (const CostSection& section : sections_of(cost)) {
    out += "\n" + section.title + "\n";
    if (!section.table.rows.empty()) out += table(section.table);
    for (const std::string& note : section.notes)
      out += "  " + wrap(note, page_width - 2, 2) + "\n";
  }
  return out + "\n" + wrap(footer, page_width, 0) + "\n";
}

std::string as_markdown(const Report& report, const CostReport& cost) {
  std::string out =
      fmt::format("# {}: the money\n\n{}\n", report.scenario.name, terms(report, cost));
  for (const CostSection& section : sections_of(cost)) {
    out += fmt::format("\n## {}\n\n", section.title);
    if (!section.table.rows.empty()) out += print(section.table, "md");
    for (const std::string& note : section.notes) out += "\n" + note + "\n";
  }
  return out + "\n## Inputs\n\n" + print(inputs_of(cost), "md") + "\n" + footer + "\n";
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

std::string print_cost(const Report& report, const CostReport& cost, std::string_view format) {
  if (format == "json") return cost_json(report, cost);
  if (format == "md") return as_markdown(report, cost);
  if (format == "csv" || format == "html") return print(rows_of(report, cost), format);
  return as_table(report, cost);
}

}  // namespace fleetwright
