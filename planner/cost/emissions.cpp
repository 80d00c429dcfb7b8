// Carbon dioxide of electricity by country.

#include <algorithm>
#include <set>

#include "planner/cost/scopes.hpp"

namespace fleetwright {
namespace {

// "China; mix of 2023"
std::string country_of(const Price& p) { return p.note.substr(0, p.note.find(';')); }

/// A price of one country, and not of the world in its place.
std::optional<PriceAnswer> price_in(const std::string& region, const std::string& item,
                                    const Date& day) {
  const auto found = price_book().find({item, day, {region}, {}});
  const auto* answer = std::get_if<PriceAnswer>(&found);
  if (answer == nullptr || answer->region != region) return std::nullopt;
  return *answer;
}

}  // namespace

InputOrNot carbon_input(const Scenario& s, CostInputs& inputs) {
  if (!s.carbon_g_per_kwh) return inputs.price("carbon");
  const double grams = s.carbon_g_per_kwh->value;
  return inputs.given("power.carbon_g_per_kwh", "gCO2/kWh", {grams, grams, grams}, "scenario",
                      {s.carbon_g_per_kwh->provenance.source});
}

std::vector<Elsewhere> run_elsewhere(const Report& report, const CostReport& cost) {
  std::vector<Elsewhere> rows;
  const auto owned = std::ranges::find(cost.emissions, "owned", &Emissions::scope);
  if (owned == cost.emissions.end() || owned->typical_mwh <= 0) return rows;
  const Date& day = report.scenario.cost->date;
  for (const Price& p : price_book().prices()) {
    if (p.item != "carbon" || p.region == "any") continue;
    const auto electricity = price_in(p.region, "electricity", day);
    const auto carbon = price_in(p.region, "carbon", day);
    if (!electricity || !carbon) continue;
    std::set<std::string> sources(electricity->sources.begin(), electricity->sources.end());
    sources.insert(carbon->sources.begin(), carbon->sources.end());
    const double kwh = owned->typical_mwh * 1000;
    rows.push_back({p.region,
                    country_of(p),
                    kwh * electricity->range.typical,
                    kwh * carbon->range.typical / 1e6,
                    {sources.begin(), sources.end()}});
  }
  std::ranges::stable_sort(rows, {}, &Elsewhere::co2_t);
  return rows;
}

}  // namespace fleetwright
