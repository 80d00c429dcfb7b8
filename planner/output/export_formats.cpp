#include "planner/output/export_formats.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "models/core/format.hpp"
#include "planner/output/json_number.hpp"
#include "planner/output/text_columns.hpp"

namespace fleetwright {
namespace {

using Json = nlohmann::ordered_json;

constexpr double giga = 1e9;

std::string verdict_text(const ExportVerdict& v) {
  std::string text(to_string(v.effect));
  if (v.duty) text += " + 25 % duty";
  if (v.part.notional()) text += " (notional)";
  return text;
}

std::string density_text(const ExportPart& part) {
  return part.density() ? fmt::format("{:.2f}", *part.density()) : "unknown";
}

std::string limit_text(const ExportLimit& limit) {
  constexpr std::string_view signs[] = {">=", ">", "<"};
  const bool rate =
      limit.quantity != ExportQuantity::tpp && limit.quantity != ExportQuantity::density;
  return fmt::format("{} {} {:g}{}", to_string(limit.quantity),
                     signs[static_cast<std::size_t>(limit.side)], limit.value, rate ? " GB/s" : "");
}

// "TPP +1.4 % (2400): notification".
std::string margin_text(const ExportVerdict& v) {
  if (v.margins.empty()) return "-";
  const ExportMargin& m = v.margins.front();
  return fmt::format("{} {} to {:g}: {}", to_string(m.quantity), signed_percent(m.distance()),
                     m.limit, to_string(m.beyond));
}

Listing brief(const ExportQuestion& q) {
  Listing listing{
      {"part", "TPP", "PD", "I/O GB/s", "memory GB/s", "verdict", "clause", "nearest line"}, {}};
  for (const ExportVerdict& v : q.verdicts) {
    listing.rows.push_back({v.part.id, fmt::format("{:.0f} {}", v.part.tpp, v.part.tpp_basis),
                            density_text(v.part), fmt::format("{:.0f}", v.part.io.si() / giga),
                            fmt::format("{:.0f}", v.part.memory_bandwidth.si() / giga),
                            verdict_text(v), v.clause.empty() ? "-" : v.clause, margin_text(v)});
  }
  return listing;
}

// One row a part with everything, for other programs.
Listing full(const ExportQuestion& q) {
  Listing listing = brief(q);
  listing.columns.insert(listing.columns.end(),
                         {"date", "destination", "confidence", "uncertain", "sources"});
  for (std::size_t i = 0; i < q.verdicts.size(); ++i) {
    const ExportVerdict& v = q.verdicts[i];
    auto& row = listing.rows[i];
    row.insert(row.end(), {to_string(q.date), q.destination, v.confidence,
                           fmt::format("{}", fmt::join(v.uncertainties, "; ")),
                           fmt::format("{}", fmt::join(v.sources, " "))});
  }
  return listing;
}

std::string title(const ExportQuestion& q) {
  return fmt::format("Sales to {} on {}, by rules read until {}", q.destination, to_string(q.date),
                     to_string(q.known_until));
}

std::string uncertainties_text(const ExportQuestion& q, std::string_view bullet) {
  std::string out;
  for (const ExportVerdict& v : q.verdicts) {
    for (const std::string& text : v.uncertainties) {
      out += wrap(fmt::format("{}{}: {}", bullet, v.part.id, text), 100, 4) + "\n";
    }
  }
  return out;
}

constexpr JsonNumber<Json> number{};

Json verdict_json(const ExportVerdict& v) {
  Json margins = Json::array();
  for (const ExportMargin& m : v.margins) {
    margins.push_back({{"quantity", to_string(m.quantity)},
                       {"value", number(m.value)},
                       {"limit", number(m.limit)},
                       {"distance", number(m.distance())},
                       {"beyond", to_string(m.beyond)},
                       {"clause", m.clause}});
  }
  const ExportPart& p = v.part;
  return {{"part", p.id},
          {"name", p.name},
          {"tpp", number(p.tpp)},
          {"tpp_basis", p.tpp_basis},
          {"performance_density_per_mm2", p.density() ? number(*p.density()) : Json(nullptr)},
          {"die_area_mm2", p.die_area ? number(*p.die_area) : Json(nullptr)},
          {"io_bytes_per_s", number(p.io.si())},
          {"memory_bandwidth_bytes_per_s", number(p.memory_bandwidth.si())},
          {"datacentre", p.datacentre},
          {"verdict", to_string(v.effect)},
          {"clause", v.clause.empty() ? Json(nullptr) : Json(v.clause)},
          {"covered_by", v.covered},
          {"duty", v.duty},
          {"notional", p.notional()},
          {"margins", std::move(margins)},
          {"confidence", v.confidence},
          {"uncertain", v.uncertainties},
          {"sources", v.sources}};
}

std::string json(const ExportQuestion& q) {
  Json parts = Json::array();
  for (const ExportVerdict& v : q.verdicts) parts.push_back(verdict_json(v));
  const Json document{{"schema", "fleetwright.export-check/1"},
                      {"date", to_string(q.date)},
                      {"destination", q.destination},
                      {"rules_known_until", to_string(q.known_until)},
                      {"parts", std::move(parts)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string clause_text(const ExportClause& c) {
  std::vector<std::string> limits;
  for (const ExportLimit& limit : c.limits) limits.push_back(limit_text(limit));
  std::string text = fmt::format("{}: {}", c.id, fmt::join(limits, " and "));
  if (c.datacentre) text += *c.datacentre ? ", for datacentres" : ", not for datacentres";
  if (c.us_market) text += ", on sale in the United States";
  if (!c.under.empty()) text += ", of what is under " + c.under;
  if (!c.unless.empty()) text += fmt::format(", unless under {}", fmt::join(c.unless, " or "));
  return text + fmt::format(" -> {}", to_string(c.effect));
}

}  // namespace

std::string print_export_check(const ExportQuestion& q, std::string_view format) {
  if (format == "json") return json(q);
  if (format == "csv" || format == "html") return print(full(q), format);
  const std::string uncertain = uncertainties_text(q, format == "md" ? "- " : "  ");
  if (format == "md") {
    return fmt::format("# {}\n\n{}\n{}", title(q), print(brief(q), format),
                       uncertain.empty() ? "" : "## Uncertain\n\n" + uncertain);
  }
  return fmt::format("{}\n\n{}{}", title(q), print(brief(q), format),
                     uncertain.empty() ? "" : "\nUncertain\n" + uncertain);
}

Listing list_rules(const ExportRules& rules) {
  Listing listing{{"id", "from", "until", "status", "destinations", "clauses", "confidence",
                   "sources", "title"},
                  {}};
  for (const ExportRule& r : rules.rules) {
    std::vector<std::string> clauses;
    for (const ExportClause& c : r.clauses) clauses.push_back(clause_text(c));
    listing.rows.push_back(
        {r.id, to_string(r.from), r.until ? to_string(*r.until) : "-", r.status,
         r.destinations.empty() ? "-" : fmt::format("{}", fmt::join(r.destinations, " ")),
         clauses.empty() ? "-" : fmt::format("{}", fmt::join(clauses, "; ")), r.confidence,
         r.source, r.title});
  }
  return listing;
}

}  // namespace fleetwright
