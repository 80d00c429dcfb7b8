#include "planner/procurement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/core/data_files.hpp"
#include "models/core/error.hpp"
#include "models/core/format.hpp"
#include "profiles/hardware_data.hpp"

namespace fleetwright {
namespace {

Availability availability_of(ExportEffect effect) {
  switch (effect) {
    case ExportEffect::none:
    case ExportEffect::duty:
      return Availability::available;
    case ExportEffect::notification:
    case ExportEffect::case_by_case:
    case ExportEffect::licence:
      return Availability::licensed;
    case ExportEffect::denial:
      return Availability::refused;
  }
  fail_invariant("ExportEffect", "unknown value");
}

// What smugglers asked, where it was published: kind "grey" must be asked for by name.
std::string grey_price(const std::string& accelerator, const ProcurementSettings& settings) {
  for (const auto& [item, per] : {std::pair("server.", "a server of eight"), {"gpu.", "each"}}) {
    const auto answer = price_book().find(
        {item + accelerator, settings.date, {settings.destination, "any"}, {"grey"}});
    if (const auto* price = std::get_if<PriceAnswer>(&answer)) {
      return fmt::format("{} to {} {} on the grey market ({})", human(Usd{price->range.low}),
                         human(Usd{price->range.high}), per, fmt::join(price->sources, " "));
    }
  }
  return "no grey-market price is known";
}

Procurement procure(const std::string& island, const std::string& accelerator,
                    const std::optional<Date>& bought, const ProcurementSettings& settings,
                    const ExportRules& rules, const std::vector<ExportPart>& parts) {
  Procurement p{island,
                accelerator,
                bought.value_or(settings.date),
                bought && *bought < settings.date,
                Availability::unknown,
                {},
                ""};
  const auto part = std::ranges::find(parts, accelerator, &ExportPart::id);
  if (part != parts.end()) {
    p.verdict = export_verdict(*part, rules, p.date, settings.destination);
    // What is not an export is not refused: rules show what they would say of it.
    p.availability = part->sale == ExportPart::Sale::prc ? Availability::available
                                                         : availability_of(p.verdict.effect);
  }
  const bool named =
      std::ranges::find(settings.grey_market, accelerator) != settings.grey_market.end();
  if (named && p.availability != Availability::available) {
    p.availability = Availability::grey_market;
    p.grey_price = grey_price(accelerator, settings);
  }
  return p;
}

}  // namespace

std::string_view to_string(Availability availability) {
  switch (availability) {
    case Availability::available:
      return "free";
    case Availability::licensed:
      return "licence needed";
    case Availability::refused:
      return "refused";
    case Availability::grey_market:
      return "grey market";
    case Availability::unknown:
      return "unknown";
  }
  fail_invariant("Availability", "unknown value");
}

std::vector<Procurement> procurement_of(const Scenario& scenario) {
  std::vector<Procurement> result;
  if (!scenario.procurement) return result;
  const ProcurementSettings& settings = *scenario.procurement;
  const ExportRules rules = read_export_rules(data_file("planner/data/export_rules.toml"));
  const auto parts =
      read_export_parts(data_file("planner/data/export_parts.csv"), hardware_data().accelerators);
  const auto add = [&](const std::string& island, const Cluster& cluster,
                       const std::optional<Date>& bought) {
    result.push_back(procure(island, cluster.accelerator.id, bought, settings, rules, parts));
  };
  add(scenario.cluster_name, scenario.setup.cluster, scenario.bought);
  for (const ScenarioIsland& island : scenario.islands) {
    add(island.name, island.cluster, island.bought);
  }
  return result;
}

std::string describe(const Procurement& p) {
  std::string text = fmt::format("{}{} on {}", to_string(p.availability),
                                 p.earlier ? ", bought earlier" : "", to_string(p.date));
  if (p.availability == Availability::unknown) {
    return text + ": the table of export rules has no such part";
  }
  text += p.verdict.clause.empty() ? ", no clause covers it" : ", by " + p.verdict.clause;
  for (const ExportMargin& m : p.verdict.margins) {
    text += fmt::format("; {} {:g} is {} from {:g}, where it is {}", to_string(m.quantity), m.value,
                        signed_percent(m.distance()), m.limit, to_string(m.beyond));
  }
  if (!p.grey_price.empty()) text += "; " + p.grey_price;
  for (const std::string& uncertain : p.verdict.uncertainties) text += "; " + uncertain;
  return text;
}

}  // namespace fleetwright
