#include "planner/cost/cost_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/core/error.hpp"
#include "planner/cost/sampling.hpp"
#include "planner/cost/scopes.hpp"

namespace fleetwright {
namespace {

std::string reference(const CostScope& scope, const CostLine& line) {
  return fmt::format("{}: {}", scope.id, line.name);
}

std::vector<std::string> all_lines(const CostScope& scope) {
  std::vector<std::string> names;
  for (const CostLine& line : scope.lines) {
    if (line.absent.empty()) names.push_back(reference(scope, line));
  }
  return names;
}

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

void add_lines(const CostScope& scope, std::string_view skip, std::vector<WaterfallStep>& steps) {
  for (const CostLine& line : scope.lines) {
    if (!line.absent.empty() || line.group == skip) continue;
    steps.push_back({line.name, line.typical, false, {reference(scope, line)}});
  }
}

void add_total(const CostScope& scope, std::vector<WaterfallStep>& steps) {
  steps.push_back({scope.title, scope.typical, true, all_lines(scope)});
}

// Typical values add up; percentiles do not.
std::vector<WaterfallStep> waterfall_of(const CostReport& report) {
  std::vector<WaterfallStep> steps;
  const CostScope& rented = report.scope("rented");
  const CostScope& owned = report.scope("owned");
  const CostScope& programme = report.scope("programme");
  const CostScope& fleet = report.scope("fleet");
  const CostScope* last = nullptr;
  if (rented.known()) {
    add_total(rented, steps);
    last = &rented;
  }
  if (owned.known()) {
    if (last != nullptr) {
      steps.push_back({"an owner's cost in place of the rent", owned.typical - rented.typical,
                       false, joined(all_lines(rented), all_lines(owned))});
    }
    add_total(owned, steps);
    last = &owned;
  }
  if (programme.known()) {
    add_lines(programme, "final run", steps);
    add_total(programme, steps);
    last = &programme;
  }
  if (!fleet.known()) return steps;
  if (last != nullptr) {
    steps.push_back({fmt::format("{}, which the fleet carries or which is not of machines",
                                 last == &programme ? "less the programme" : "less the run"),
                     -last->typical, false, all_lines(*last)});
  }
  add_lines(fleet, "", steps);
  add_total(fleet, steps);
  return steps;
}

CostClaimCheck check_of(const CostReport& report, const CostClaim& claim) {
  CostClaimCheck check{claim, std::nullopt, ""};
  const auto dot = claim.of.find('.');
  const CostScope& scope = report.scope(std::string_view(claim.of).substr(0, dot));
  if (!scope.known()) {
    check.absent = scope.absent;
  } else if (dot == std::string::npos) {
    check.ours = scope.usd;
  } else {
    const auto group = std::ranges::find(scope.groups, claim.of.substr(dot + 1), &CostGroup::name);
    if (group != scope.groups.end()) check.ours = group->usd;
  }
  return check;
}

std::optional<PublishedRental> published_rental(const Report& report) {
  if (!report.scenario.rent) return std::nullopt;
  const auto claim =
      std::ranges::find(report.scenario.claims, "run.total_gpu_hours", &Claim::quantity);
  if (claim == report.scenario.claims.end()) return std::nullopt;
  const double usd = claim->value * 3600 * report.scenario.rent->value.si();
  return PublishedRental{
      claim->value, usd, {claim->source, report.scenario.rent->provenance.source}};
}

}  // namespace

const CostScope& CostReport::scope(std::string_view id) const {
  const auto it = std::ranges::find(scopes, id, &CostScope::id);
  ensure(it != scopes.end(), "no such scope of cost");
  return *it;
}

CostReport cost_report(const Report& report) {
  const auto& settings = report.scenario.cost;
  CostInputs inputs(settings ? &*settings : nullptr, price_book());
  CostReport cost;
  cost.samples = settings ? settings->samples : 1;
  cost.scopes.push_back(rented_scope(report, inputs));
  cost.scopes.push_back(owned_scope(report, inputs));
  cost.scopes.push_back(programme_scope(report, cost.scopes.back(), inputs));
  cost.scopes.push_back(fleet_scope(report, inputs));
  if (settings && settings->serving) {
    for (CostScope& scope : serving_scopes(report, *settings->serving, inputs)) {
      cost.scopes.push_back(std::move(scope));
    }
  }
  if (settings) cost.emissions.push_back(owned_emissions(report, inputs));
  if (settings && settings->fleet) {
    cost.emissions.push_back(fleet_emissions(report, *settings->fleet, inputs));
  }
  cost.inputs = inputs.take();
  evaluate(cost, static_cast<std::uint64_t>(report.scenario.seed));
  cost.published_rental = published_rental(report);
  cost.waterfall = waterfall_of(cost);
  if (!settings) return cost;
  cost.elsewhere = run_elsewhere(report, cost);
  if (settings->fleet) cost.procurement = procurement_of(*settings->fleet);
  for (const CostClaim& claim : settings->claims) cost.claims.push_back(check_of(cost, claim));
  return cost;
}

}  // namespace fleetwright
