#include "planner/export_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "models/core/error.hpp"
#include "models/core/toml_table.hpp"

namespace fleetwright {
namespace {

using Groups = std::map<std::string, std::vector<std::string>>;

struct LimitKey {
  const char* key;
  ExportQuantity quantity;
  ExportLimit::Side side;
};

constexpr std::array limit_keys{
    LimitKey{"tpp_min", ExportQuantity::tpp, ExportLimit::Side::at_least},
    LimitKey{"tpp_above", ExportQuantity::tpp, ExportLimit::Side::above},
    LimitKey{"tpp_below", ExportQuantity::tpp, ExportLimit::Side::below},
    LimitKey{"pd_min", ExportQuantity::density, ExportLimit::Side::at_least},
    LimitKey{"pd_below", ExportQuantity::density, ExportLimit::Side::below},
    LimitKey{"io_min_gbs", ExportQuantity::io, ExportLimit::Side::at_least},
    LimitKey{"memory_min_gbs", ExportQuantity::memory, ExportLimit::Side::at_least},
    LimitKey{"memory_above_gbs", ExportQuantity::memory, ExportLimit::Side::above},
    LimitKey{"memory_below_gbs", ExportQuantity::memory, ExportLimit::Side::below},
    LimitKey{"memory_plus_io_min_gbs", ExportQuantity::memory_plus_io,
             ExportLimit::Side::at_least}};

std::string needed(TomlTable& table, std::string_view key, std::string_view example) {
  const auto text = table.text(key);
  table.require(key, example);
  return text.value_or("");
}

std::optional<Date> date(TomlTable& table, std::string_view key) {
  const auto text = table.text(key);
  if (!text) return std::nullopt;
  const auto parsed = parse_date(*text);
  if (!parsed) table.error(key, fmt::format("'{}' is no day", *text), "write \"2023-11-17\"");
  return parsed;
}

Date needed_date(TomlTable& table, std::string_view key) {
  const auto day = date(table, key);
  table.require(key, "\"2023-11-17\"");
  return day.value_or(Date{});
}

ExportEffect effect_of(TomlTable& table) {
  const auto word =
      table.choice("effect", {"duty", "notification", "case-by-case", "licence", "denial"});
  table.require("effect", "\"denial\"");
  if (word == "duty") return ExportEffect::duty;
  if (word == "notification") return ExportEffect::notification;
  if (word == "case-by-case") return ExportEffect::case_by_case;
  return word == "licence" ? ExportEffect::licence : ExportEffect::denial;
}

ExportClause read_clause(TomlTable& table) {
  ExportClause clause;
  clause.id = needed(table, "id", "\"3A090.a\"");
  for (const LimitKey& k : limit_keys) {
    if (const auto value = table.number(k.key, {0.0, 1e9})) {
      clause.limits.push_back({k.quantity, k.side, *value});
    }
  }
  clause.datacentre = table.boolean("datacentre");
  clause.us_market = table.boolean("us_market").value_or(false);
  clause.under = table.text("under").value_or("");
  clause.unless = table.texts("unless").value_or(std::vector<std::string>{});
  clause.effect = effect_of(table);
  if (clause.limits.empty()) table.error("id", "a clause needs a limit", "add tpp_min = 4800");
  table.refuse_unknown_keys();
  return clause;
}

// Groups by their countries, countries by themselves.
std::vector<std::string> countries_of(const std::vector<std::string>& words, const Groups& groups) {
  std::vector<std::string> countries;
  for (const std::string& word : words) {
    const auto group = groups.find(word);
    if (group == groups.end()) {
      countries.push_back(word);
    } else {
      countries.insert(countries.end(), group->second.begin(), group->second.end());
    }
  }
  return countries;
}

ExportRule read_rule(TomlTable& table, const Groups& groups, std::vector<std::string>& named) {
  ExportRule rule;
  rule.id = needed(table, "id", "\"3A090-2023\"");
  rule.title = needed(table, "title", "\"...\"");
  const auto status =
      table.choice("status", {"in force", "never enforced", "suspended", "withdrawn", "proposed"});
  table.require("status", "\"in force\"");
  rule.status = status.value_or("");
  rule.from = needed_date(table, "from");
  rule.until = date(table, "until");
  rule.named_from = date(table, "named_from");
  rule.named_until = date(table, "named_until");
  const auto names = table.texts("named").value_or(std::vector<std::string>{});
  named.insert(named.end(), names.begin(), names.end());
  const auto destinations = table.texts("destinations");
  table.require("destinations", "[\"CN\"]");
  rule.destinations = countries_of(destinations.value_or(std::vector<std::string>{}), groups);
  rule.confidence = table.choice("confidence", {"high", "medium", "low"}).value_or("");
  table.require("confidence", "\"medium\"");
  rule.source = needed(table, "source", "\"KEY\"");
  rule.note = table.text("note").value_or("");
  for (TomlTable& clause : table.tables("clause")) rule.clauses.push_back(read_clause(clause));
  table.refuse_unknown_keys();
  return rule;
}

Groups read_groups(TomlTable& root) {
  Groups groups;
  auto table = root.table("groups");
  if (!table) return groups;
  for (const std::string& name : table->keys()) {
    groups[name] = table->texts(name).value_or(std::vector<std::string>{});
  }
  return groups;
}

}  // namespace

std::string_view to_string(ExportQuantity quantity) {
  switch (quantity) {
    case ExportQuantity::tpp:
      return "TPP";
    case ExportQuantity::density:
      return "PD";
    case ExportQuantity::io:
      return "I/O";
    case ExportQuantity::memory:
      return "memory bandwidth";
    case ExportQuantity::memory_plus_io:
      return "memory + I/O bandwidth";
  }
  fail_invariant("ExportQuantity", "unknown value");
}

std::string_view to_string(ExportEffect effect) {
  switch (effect) {
    case ExportEffect::none:
      return "free";
    case ExportEffect::duty:
      return "duty";
    case ExportEffect::notification:
      return "notification";
    case ExportEffect::case_by_case:
      return "case by case";
    case ExportEffect::licence:
      return "licence";
    case ExportEffect::denial:
      return "denial";
  }
  fail_invariant("ExportEffect", "unknown value");
}

bool ExportLimit::holds(double of_part) const {
  if (side == Side::at_least) return of_part >= value;
  return side == Side::above ? of_part > value : of_part < value;
}

bool ExportRule::governs(const Date& day, bool named) const {
  const Date first = named && named_from ? *named_from : from;
  const std::optional<Date> last = named && named_until ? named_until : until;
  return status == "in force" && day >= first && (!last || day <= *last);
}

bool ExportRules::names(std::string_view part) const {
  return std::ranges::any_of(named, [&](const auto& name) { return part.starts_with(name); });
}

bool is_country(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

ExportRules read_export_rules(const std::filesystem::path& file) {
  const TomlMap document = parse_toml_file(file);
  Diagnostics diagnostics;
  TomlTable root(document, {file.string(), 1, 1}, "", diagnostics);
  ExportRules rules;
  rules.known_from = needed_date(root, "known_from");
  rules.known_until = needed_date(root, "known_until");
  rules.after = root.text("after").value_or("");
  const Groups groups = read_groups(root);
  for (TomlTable& table : root.tables("rule")) {
    rules.rules.push_back(read_rule(table, groups, rules.named));
  }
  root.refuse_unknown_keys();
  diagnostics.throw_if_any();
  return rules;
}

}  // namespace fleetwright
