// The tables of a scenario that say what things cost: [cost], [programme] and [fleet].

#include <fmt/format.h>

#include <algorithm>

#include "models/core/suggest.hpp"
#include "planner/export_rules.hpp"
#include "planner/scenario_reader.hpp"

namespace fleetwright {
namespace {

constexpr Range<double> any_amount{0.0, 1e15};
constexpr double gpus_per_server = 8;  // as servers are priced

// End points that a tree of 64-port switches reaches, as the price book's rows are given.
int layers_for(double end_points) {
  if (end_points <= 512) return 1;
  return end_points <= 16'384 ? 2 : 3;
}

std::string unit_of(const std::string& item) {
  for (const Price& p : price_book().prices()) {
    if (p.item == item) return p.unit;
  }
  // A part that the book does not price yet is priced as its siblings.
  const auto dot = item.find('.');
  if (dot == std::string::npos || item.starts_with("factor.")) return "";
  for (const Price& p : price_book().prices()) {
    if (p.item.starts_with(item.substr(0, dot + 1))) return p.unit;
  }
  return "";
}

std::vector<std::string> items() {
  std::vector<std::string> names;
  for (const Price& p : price_book().prices()) names.push_back(p.item);
  return names;
}

std::vector<std::string> kinds_of_price() {
  std::vector<std::string> kinds;
  for (const Price& p : price_book().prices()) {
    if (std::ranges::find(kinds, p.kind) == kinds.end()) kinds.push_back(p.kind);
  }
  return kinds;
}

// Shares that leave something over, and divisors.
std::string bounds_of_factor(const std::string& item, const ValueRange& range) {
  const bool share = item == "factor.residual" || item == "factor.storage-share";
  if (share && range.high >= 1) return item + " must be less than 1";
  if (!share && item.starts_with("factor.") && range.low <= 0) {
    return item + " must be more than 0";
  }
  return "";
}

// As TOML writes them.
std::string words_text(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const std::string& word : words) quoted.push_back(SettingReader::quoted(word));
  return fmt::format("[{}]", fmt::join(quoted, ", "));
}

bool known_claim(const std::string& of) {
  return std::ranges::find(cost_quantities(), of) != cost_quantities().end();
}

}  // namespace

const std::vector<std::string>& cost_quantities() {
  static const std::vector<std::string> all{"rented",
                                            "owned",
                                            "owned.capital",
                                            "owned.operation",
                                            "programme",
                                            "programme.compute",
                                            "programme.staff",
                                            "fleet",
                                            "fleet.servers",
                                            "fleet.capital",
                                            "fleet.operation",
                                            "serving",
                                            "serving.input",
                                            "serving.output",
                                            "revenue",
                                            "million-tokens",
                                            "million-tokens.input",
                                            "million-tokens.output"};
  return all;
}

bool is_of_serving(std::string_view quantity) {
  return quantity.starts_with("serving") || quantity.starts_with("revenue") ||
         quantity.starts_with("million-tokens");
}

std::optional<Date> ScenarioReader::read_date(SettingReader& in, std::string_view key) {
  const auto text = in.text(key);
  if (!text) return std::nullopt;
  in.describe(key, allowed::written_as("2024-12-26"));
  const auto date = parse_date(*text);
  if (!date) in.table().error(key, fmt::format("'{}' is no day", *text), "write \"2024-12-26\"");
  return date;
}

std::vector<std::string> ScenarioReader::read_words(SettingReader& in, std::string_view key) {
  const auto words = in.table().texts(key);
  if (!words) return {};
  in.note(key, words_text(*words), allowed::lists());
  return *words;
}

std::vector<std::string> ScenarioReader::read_kinds(SettingReader& in) {
  std::vector<std::string> kinds = read_words(in, "kinds");
  for (const std::string& kind : kinds) {
    const auto known = kinds_of_price();
    if (std::ranges::find(known, kind) != known.end()) continue;
    in.table().error("kinds", fmt::format("there is no kind of price '{}'", kind),
                     did_you_mean(kind, known));
  }
  return kinds;
}

ValueRange ScenarioReader::read_low_and_high(SettingReader& in, double typical) {
  const double low = in.number("low", any_amount).value_or(typical);
  const double high = in.number("high", any_amount).value_or(typical);
  if (low > typical) in.table().error("low", fmt::format("low is more than typical, {}", typical));
  if (high < typical) {
    in.table().error("high", fmt::format("high is less than typical, {}", typical));
  }
  return {low, typical, high};
}

std::optional<SourcedRange> ScenarioReader::read_range(SettingReader& in, std::string_view key) {
  auto table = in.table().table(key);
  if (!table) return std::nullopt;
  SettingReader inner(*table, diagnostics_, settings_);
  const double typical = inner.number("typical", any_amount).value_or(0);
  inner.table().require("typical", "100");
  SourcedRange range{read_low_and_high(inner, typical), source(inner)};
  inner.table().refuse_unknown_keys();
  return range;
}

void ScenarioReader::read_price_override(SettingReader in) {
  Price price;
  price.item = in.text("item").value_or("");
  in.describe("item", allowed::one_of(items()));
  in.table().require("item", "\"server.H800-SXM\"");
  const std::string unit = price.item.empty() ? "" : unit_of(price.item);
  if (!price.item.empty() && unit.empty()) {
    in.table().error("item", fmt::format("the price book has no '{}'", price.item),
                     did_you_mean(price.item, items()));
  }
  price.unit = in.text("unit").value_or("");
  in.table().require("unit", unit.empty() ? "\"USD/h\"" : SettingReader::quoted(unit));
  if (!unit.empty() && !price.unit.empty() && price.unit != unit) {
    in.table().error("unit", fmt::format("{} is priced in {}", price.item, unit),
                     fmt::format("write unit = {}", SettingReader::quoted(unit)));
  }
  const double typical = in.number("typical", any_amount).value_or(0);
  in.table().require("typical", "358_000");
  price.range = read_low_and_high(in, typical);
  price.kind = "scenario";
  if (const std::string wrong = bounds_of_factor(price.item, price.range); !wrong.empty()) {
    in.table().error("typical", wrong);
  }
  price.source = source(in);
  in.table().refuse_unknown_keys();
  scenario_.cost->overrides.push_back(std::move(price));
}

void ScenarioReader::read_cost_claim(SettingReader in) {
  CostClaim claim;
  claim.text = in.text("text").value_or("");
  in.table().require("text", "\"$1.6 B of servers\"");
  claim.of = in.text("of").value_or("");
  in.describe("of", allowed::one_of(cost_quantities()));
  in.table().require("of", "\"fleet.servers\"");
  if (!claim.of.empty() && !known_claim(claim.of)) {
    in.table().error("of", fmt::format("'{}' is no total of cost", claim.of),
                     did_you_mean(claim.of, cost_quantities()));
  }
  if (const auto usd = in.quantity<Usd>("value")) claim.value = usd->si();
  in.table().require("value", "\"$1.6 B\"");
  claim.source = source(in);
  claim.explanation = in.text("explanation").value_or("");
  in.table().refuse_unknown_keys();
  scenario_.cost->claims.push_back(std::move(claim));
}

void ScenarioReader::read_cost() {
  if (!root_.has("cost")) {
    for (const char* table : {"programme", "fleet", "serving"}) {
      if (root_.has(table)) {
        root_.table().error(table, fmt::format("[{}] needs [cost]", table),
                            "add [cost] with date and regions of prices");
      }
      static_cast<void>(root_.table().table(table));
    }
    return static_cast<void>(root_.table().table("cost"));
  }
  SettingReader in(root_, "cost");
  scenario_.cost.emplace();
  CostSettings& cost = *scenario_.cost;
  if (const auto date = read_date(in, "date")) cost.date = *date;
  in.table().require("date", "\"2024-12\"");
  cost.regions = read_words(in, "regions");
  in.table().require("regions", "[\"CN\", \"US\"]");
  cost.kinds = read_kinds(in);
  cost.samples = in.integer_or("samples", {100, 1'000'000}, 100'000, "enough for three digits");
  for (TomlTable& table : in.table().tables("price")) {
    read_price_override(SettingReader(table, diagnostics_, settings_));
  }
  for (TomlTable& table : in.table().tables("claim")) {
    read_cost_claim(SettingReader(table, diagnostics_, settings_));
  }
  in.table().refuse_unknown_keys();
  read_programme();
  read_fleet();
  read_serving();
}

void ScenarioReader::read_programme() {
  if (!root_.has("programme")) return static_cast<void>(root_.table().table("programme"));
  SettingReader in(root_, "programme");
  ProgrammeSettings programme;
  programme.experiments = read_range(in, "experiments");
  if (programme.experiments && programme.experiments->range.low < 1) {
    in.table().error("experiments", "compute of all over that of the final run is at least 1");
  }
  programme.people = read_range(in, "people");
  programme.years = read_range(in, "years");
  for (TomlTable& table : in.table().tables("run")) {
    SettingReader run(table, diagnostics_, settings_);
    const std::string name = run.text("name").value_or("");
    run.table().require("name", "\"DeepSeek-V2\"");
    const double hours = run.number("gpu_hours", any_amount).value_or(0);
    run.table().require("gpu_hours", "172_800");
    const ValueRange range = read_low_and_high(run, hours);
    programme.runs.push_back({name, {range, source(run)}});
    run.table().refuse_unknown_keys();
  }
  for (TomlTable& table : in.table().tables("item")) {
    SettingReader item(table, diagnostics_, settings_);
    const std::string name = item.text("name").value_or("");
    item.table().require("name", "\"data\"");
    const auto usd = [&](std::string_view key) { return item.quantity<Usd>(key); };
    const auto low = usd("low");
    const auto typical = usd("typical");
    const auto high = usd("high");
    item.table().require("typical", "\"$1 M\"");
    const double middle = typical.value_or(Usd{}).si();
    const ValueRange range{low ? low->si() : middle, middle, high ? high->si() : middle};
    if (range.low > middle) item.table().error("low", "low is more than typical");
    if (range.high < middle) item.table().error("high", "high is less than typical");
    programme.items.push_back({name, {range, source(item)}});
    item.table().refuse_unknown_keys();
  }
  in.table().refuse_unknown_keys();
  scenario_.cost->programme = std::move(programme);
}

FleetIsland ScenarioReader::read_island(SettingReader in) {
  FleetIsland island;
  const CostSettings& cost = *scenario_.cost;
  const auto accelerator = in.choice("accelerator", fleetwright::names_of(catalogue_.accelerators));
  in.table().require("accelerator", "\"H800-SXM\"");
  island.accelerator = accelerator.value_or("");
  island.accelerators =
      static_cast<double>(in.integer("accelerators", {1, 100'000'000}).value_or(1));
  in.table().require("accelerators", "10_000");
  if (const auto bought = read_date(in, "bought")) island.bought = *bought;
  in.table().require("bought", "\"2023-06\"");
  double reference = gpus_per_server;
  if (accelerator) {
    const Accelerator& a = catalogue_.accelerators.at(*accelerator);
    // A rack of 72 is nine servers of eight.
    if (a.nics_per_node) {
      reference = a.nics_per_node->value * gpus_per_server / a.scale_up_domain.value;
    }
  }
  island.nics_per_node =
      in.number_or("nics_per_node", {0.0, 64.0}, reference, "reference design of the accelerator");
  const int layers = layers_for(island.accelerators / gpus_per_server * island.nics_per_node);
  island.layers = in.integer_or("layers", {1, 3}, layers, "the fewest that reach all NICs");
  island.regions = read_words(in, "regions");
  if (!in.has("regions")) {
    island.regions = cost.regions;
    in.note_default("regions", words_text(cost.regions), "cost.regions", allowed::lists());
  }
  island.kinds = in.has("kinds") ? read_kinds(in) : cost.kinds;
  island.source = source(in);
  in.table().refuse_unknown_keys();
  return island;
}

void ScenarioReader::read_fleet() {
  if (!root_.has("fleet")) return static_cast<void>(root_.table().table("fleet"));
  SettingReader in(root_, "fleet");
  FleetSettings fleet;
  fleet.years = in.number("years", {0.01, 50.0}).value_or(1);
  in.table().require("years", "4.0");
  fleet.years_source = source(in);
  fleet.destination = in.text("destination").value_or("");
  if (!fleet.destination.empty() && !is_country(fleet.destination)) {
    in.table().error("destination", fmt::format("'{}' is no country", fleet.destination),
                     "write two capital letters (ISO 3166), \"CN\"");
  }
  for (TomlTable& table : in.table().tables("island")) {
    fleet.islands.push_back(read_island({table, diagnostics_, settings_}));
  }
  if (fleet.islands.empty() && !in.has("island")) {
    in.table().error("years", "a fleet needs machines", "add [[fleet.island]]");
  }
  in.table().refuse_unknown_keys();
  scenario_.cost->fleet = std::move(fleet);
}

}  // namespace fleetwright
