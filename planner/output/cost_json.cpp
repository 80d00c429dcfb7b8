#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

#include "planner/output/cost_formats.hpp"
#include "planner/output/json_number.hpp"

namespace fleetwright {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_bars = 12;

constexpr JsonNumber<Json> number{};

Json range(const Percentiles& p) {
  return {{"p10", number(p.p10)}, {"p50", number(p.p50)}, {"p90", number(p.p90)}};
}

Json input_json(const CostInput& input) {
  Json json{{"name", input.name},
            {"unit", input.unit},
            {"low", number(input.range.low)},
            {"typical", number(input.range.typical)},
            {"high", number(input.range.high)},
            {"kind", input.kind}};
  if (!input.region.empty()) json["region"] = input.region;
  if (!input.how.empty()) json["how"] = input.how;
  if (!input.cause.empty()) {
    json["shares"] = {{"cause", input.cause}, {"correlation", number(input.correlation)}};
  }
  json["sources"] = input.sources;
  return json;
}

Json line_json(const CostReport& cost, const CostLine& line, bool known) {
  const bool counted = known && line.absent.empty();
  Json inputs = Json::array();
  for (const std::size_t i : line.inputs) inputs.push_back(input_json(cost.inputs[i]));
  return {{"name", line.name},
          {"group", line.group},
          {"amount_usd", counted ? range(line.usd) : Json(nullptr)},
          {"typical_usd", counted ? number(line.typical) : Json(nullptr)},
          {"absent", line.absent.empty() ? Json(nullptr) : Json(line.absent)},
          {"formula", line.formula},
          {"inputs", std::move(inputs)}};
}

Json names_of(const CostScope& scope, const CostGroup* group) {
  Json names = Json::array();
  for (const CostLine& line : scope.lines) {
    if (!line.absent.empty()) continue;
    if (group != nullptr && std::ranges::find(group->groups, line.group) == group->groups.end()) {
      continue;
    }
    names.push_back(fmt::format("{}: {}", scope.id, line.name));
  }
  return names;
}

Json tornado_json(const CostReport& cost, const CostScope& scope) {
  Json bars = Json::array();
  for (const TornadoBar& bar : scope.tornado) {
    if (bars.size() == most_bars) break;
    const CostInput& input = cost.inputs[bar.input];
    bars.push_back({{"input", input.name},
                    {"low", number(input.range.low)},
                    {"high", number(input.range.high)},
                    {"unit", input.unit},
                    {"total_at_low_usd", number(bar.low_usd)},
                    {"total_at_high_usd", number(bar.high_usd)},
                    {"sources", input.sources}});
  }
  return bars;
}

Json procurement_json(const CostReport& cost) {
  Json islands = Json::array();
  for (const FleetProcurement& p : cost.procurement) {
    islands.push_back({{"accelerator", p.accelerator},
                       {"bought", to_string(p.bought)},
                       {"destination", p.destination},
                       {"verdict", p.verdict},
                       {"clause", p.clause.empty() ? Json(nullptr) : Json(p.clause)},
                       {"sources", p.sources}});
  }
  return islands;
}

Json scope_json(const CostReport& cost, const CostScope& scope) {
  Json groups = Json::array();
  Json lines = Json::array();
  for (const CostLine& line : scope.lines) lines.push_back(line_json(cost, line, scope.known()));
  if (scope.known()) {
    for (const CostGroup& group : scope.groups) {
      groups.push_back({{"name", group.name},
                        {"amount_usd", range(group.usd)},
                        {"typical_usd", number(group.typical)},
                        {"lines", names_of(scope, &group)}});
    }
  }
  Json json{{"scope", scope.id},
            {"title", scope.title},
            {"total_usd", scope.known() ? range(scope.usd) : Json(nullptr)},
            {"typical_usd", scope.known() ? number(scope.typical) : Json(nullptr)},
            {"absent", scope.known() ? Json(nullptr) : Json(scope.absent)},
            {"groups", std::move(groups)},
            {"lines", std::move(lines)},
            {"tornado", tornado_json(cost, scope)}};
  if (scope.id == "fleet") json["procurement"] = procurement_json(cost);
  if (scope.id == "rented") {
    const auto& p = cost.published_rental;
    json["at_published_gpu_hours"] = p ? Json{{"gpu_hours", number(p->gpu_hours)},
                                              {"amount_usd", number(p->usd)},
                                              {"sources", p->sources}}
                                       : Json(nullptr);
  }
  return json;
}

Json waterfall_json(const CostReport& cost) {
  Json steps = Json::array();
  for (const WaterfallStep& step : cost.waterfall) {
    steps.push_back({{"name", step.name},
                     {"typical_usd", number(step.usd)},
                     {"total", step.total},
                     {"lines", step.lines}});
  }
  return steps;
}

Json claims_json(const CostReport& cost) {
  Json claims = Json::array();
  for (const CostClaimCheck& c : cost.claims) {
    const std::string scope = c.claim.of.substr(0, c.claim.of.find('.'));
    claims.push_back({{"claim", c.claim.text},
                      {"of", c.claim.of},
                      {"published_usd", number(c.claim.value)},
                      {"ours_usd", c.ours ? range(*c.ours) : Json(nullptr)},
                      {"inside", c.ours ? Json(c.inside()) : Json(nullptr)},
                      {"absent", c.absent.empty() ? Json(nullptr) : Json(c.absent)},
                      {"explanation", c.claim.explanation},
                      {"lines", names_of(cost.scope(scope), nullptr)},
                      {"sources", {c.claim.source}}});
  }
  return claims;
}

Json emissions_json(const CostReport& cost) {
  Json rows = Json::array();
  for (const Emissions& e : cost.emissions) {
    const bool known = e.absent.empty();
    Json inputs = Json::array();
    for (const std::size_t i : e.inputs) inputs.push_back(input_json(cost.inputs[i]));
    rows.push_back({{"scope", e.scope},
                    {"facility_mwh", known ? range(e.mwh) : Json(nullptr)},
                    {"typical_mwh", known ? number(e.typical_mwh) : Json(nullptr)},
                    {"co2_t", known ? range(e.t) : Json(nullptr)},
                    {"typical_co2_t", known ? number(e.typical_t) : Json(nullptr)},
                    {"absent", known ? Json(nullptr) : Json(e.absent)},
                    {"formula", e.formula},
                    {"inputs", std::move(inputs)}});
  }
  return rows;
}

Json elsewhere_json(const CostReport& cost) {
  Json rows = Json::array();
  for (const Elsewhere& e : cost.elsewhere) {
    rows.push_back({{"region", e.region},
                    {"name", e.name},
                    {"electricity_usd", number(e.usd)},
                    {"co2_t", number(e.co2_t)},
                    {"sources", e.sources}});
  }
  return rows;
}

Json total_json(const Report& r, std::string_view scope) {
  if (!r.cost || !r.cost->scope(scope).known()) return nullptr;
  return range(r.cost->scope(scope).usd);
}

Json rental_json(const Report& r) {
  if (!r.rental_usd) return nullptr;
  return r.cost ? total_json(r, "rented") : range({*r.rental_usd, *r.rental_usd, *r.rental_usd});
}

}  // namespace

std::string cost_ranges_json(const Report& r) {
  const Json json{{"rental_usd", rental_json(r)},
                  {"ownership_usd", total_json(r, "owned")},
                  {"programme_usd", total_json(r, "programme")},
                  {"fleet_usd", total_json(r, "fleet")}};
  return json.dump();
}

std::string cost_json(const Report& report, const CostReport& cost) {
  const Scenario& s = report.scenario;
  Json scopes = Json::array();
  for (const CostScope& scope : cost.scopes) scopes.push_back(scope_json(cost, scope));
  const Json document{{"schema", "fleetwright.cost/1"},
                      {"scenario", {{"name", s.name}, {"file", s.file}, {"question", s.question}}},
                      {"engine", report.step.engine},
                      {"date", s.cost ? Json(to_string(s.cost->date)) : Json(nullptr)},
                      {"regions", s.cost ? Json(s.cost->regions) : Json(nullptr)},
                      {"samples", cost.samples},
                      {"seed", s.seed},
                      {"gpu_hours", number(report.total_gpu_hours)},
                      {"scopes", std::move(scopes)},
                      {"waterfall", waterfall_json(cost)},
                      {"claims", claims_json(cost)},
                      {"emissions", emissions_json(cost)},
                      {"run_elsewhere", elsewhere_json(cost)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fleetwright
