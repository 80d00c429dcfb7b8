#include "planner/output/cost_tables.hpp"

#include <fmt/format.h>

#include "models/core/format.hpp"

namespace fleetwright {
namespace {

std::vector<std::string> row_of(const std::string& name, const Percentiles& p, double typical) {
  return {name, money(p.p10), money(p.p50), money(p.p90), money(typical)};
}

// "1,758": whole, in groups of three.
std::string grouped(double value) {
  std::string digits = fmt::format("{:.0f}", value);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

}  // namespace

std::string money(double usd) { return usd < 0 ? "-" + human(Usd{-usd}) : human(Usd{usd}); }

CostSection bill_section(const CostReport& cost, const CostScope& scope) {
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

CostSection waterfall_section(const CostReport& cost) {
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

CostSection claims_section(const CostReport& cost) {
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

CostSection tornado_section(const CostReport& cost, const CostScope& scope, std::size_t most) {
  CostSection section{"What moves it most: " + scope.title,
                      {{"input", "low", "high", "unit", "total at low", "total at high"}, {}},
                      {}};
  for (const TornadoBar& bar : scope.tornado) {
    if (section.table.rows.size() == most) break;
    const CostInput& input = cost.inputs[bar.input];
    section.table.rows.push_back({input.name, fmt::format("{:.4g}", input.range.low),
                                  fmt::format("{:.4g}", input.range.high), input.unit,
                                  money(bar.low_usd), money(bar.high_usd)});
  }
  return section;
}

CostSection emissions_section(const CostReport& cost) {
  CostSection section{
      "Energy and carbon dioxide",
      {{"of", "energy, P10 to P90", "typical", "carbon dioxide, P10 to P90", "typical"}, {}},
      {}};
  for (const Emissions& e : cost.emissions) {
    const std::string name = cost.scope(e.scope).title;
    if (!e.absent.empty()) {
      section.notes.push_back(fmt::format("Not known of {}: {}.", name, e.absent));
      continue;
    }
    section.table.rows.push_back(
        {name, fmt::format("{} to {} MWh", grouped(e.mwh.p10), grouped(e.mwh.p90)),
         grouped(e.typical_mwh) + " MWh",
         fmt::format("{} to {} t", grouped(e.t.p10), grouped(e.t.p90)),
         grouped(e.typical_t) + " t"});
  }
  return section;
}

CostSection elsewhere_section(const CostReport& cost) {
  CostSection section{"The same run's electricity elsewhere (typical values)",
                      {{"country", "electricity", "carbon dioxide"}, {}},
                      {}};
  for (const Elsewhere& e : cost.elsewhere) {
    section.table.rows.push_back({e.name, money(e.usd), grouped(e.co2_t) + " t"});
  }
  return section;
}

Listing inputs_listing(const CostReport& cost) {
  Listing listing{{"input", "low", "typical", "high", "unit", "kind", "how", "sources"}, {}};
  for (const CostInput& i : cost.inputs) {
    const auto figure = [](double value) { return fmt::format("{:.5g}", value); };
    listing.rows.push_back({i.name, figure(i.range.low), figure(i.range.typical),
                            figure(i.range.high), i.unit, i.kind, i.how.empty() ? "-" : i.how,
                            fmt::format("{}", fmt::join(i.sources, "; "))});
  }
  return listing;
}

std::string cost_terms(const Report& report, const CostReport& cost) {
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

}  // namespace fleetwright
