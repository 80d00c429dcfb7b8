// The data files of the price book.

#include <fmt/format.h>

#include "models/core/csv_table.hpp"
#include "models/core/data_files.hpp"
#include "models/core/diagnostics.hpp"
#include "planner/price_book.hpp"
#include "profiles/sourced_toml.hpp"

namespace fleetwright {
namespace {

[[noreturn]] void fail(const CsvTable& table, std::size_t row, std::string_view column,
                       std::string message, std::string suggestion = "") {
  throw ScenarioError({{table.where(row, column), std::move(message), std::move(suggestion)}});
}

std::string needed(const CsvTable& table, std::size_t row, std::string_view column) {
  const std::string& text = table.text(row, column);
  if (text.empty()) fail(table, row, column, fmt::format("a price needs a {}", column));
  return text;
}

// The range of the source, else what the confidence of the row leaves open.
ValueRange range_of(const CsvTable& table, std::size_t row, double spread) {
  const double typical = table.required_number(row, "typical");
  ValueRange range{table.number(row, "low").value_or(typical * (1 - spread)), typical,
                   table.number(row, "high").value_or(typical * (1 + spread))};
  // A source that bounds one side alone says nothing about the other.
  if (range.low > typical) fail(table, row, "low", "low is more than typical");
  if (range.high < typical) fail(table, row, "high", "high is less than typical");
  if (range.low < 0) fail(table, row, "low", "a price is not negative");
  return range;
}

Price read_price(const CsvTable& table, std::size_t row, const UncertaintyRules& rules) {
  Price p;
  p.item = needed(table, row, "item");
  p.kind = needed(table, row, "kind");
  p.region = needed(table, row, "region");
  if (const std::string& text = table.text(row, "date"); !text.empty()) {
    p.date = parse_date(text);
    if (!p.date) fail(table, row, "date", fmt::format("'{}' is no day", text), "write 2024-08");
  }
  p.unit = needed(table, row, "unit");
  p.confidence = needed(table, row, "confidence");
  const auto spread = rules.spread.find(p.confidence);
  if (spread == rules.spread.end()) {
    fail(table, row, "confidence", fmt::format("'{}' is no confidence", p.confidence),
         "one of: high, medium, low");
  }
  p.range = range_of(table, row, spread->second);
  p.source = needed(table, row, "source");
  p.note = table.text(row, "note");
  return p;
}

double value_of(TomlTable& table, std::string_view key) {
  SourcedReader sourced(table);
  return required(table, key, sourced.number(key), "{ value = 0.5, kind = ..., source = ... }")
      .value;
}

UncertaintyRules read_rules(const std::filesystem::path& file) {
  const TomlMap document = parse_toml_file(file);
  Diagnostics diagnostics;
  TomlTable root(document, {file.string(), 1, 1}, "", diagnostics);
  UncertaintyRules rules;
  if (auto spread = root.table("spread")) {
    for (const char* level : {"high", "medium", "low"}) {
      rules.spread[level] = value_of(*spread, level);
    }
    spread->refuse_unknown_keys();
  }
  if (auto hold = root.table("hold")) {
    rules.hold_months = value_of(*hold, "months");
    hold->refuse_unknown_keys();
  }
  root.require("spread", "a table");
  root.require("hold", "a table");
  for (TomlTable& table : root.tables("cause")) {
    UncertaintyRules::Cause cause;
    cause.name = table.text("name").value_or("");
    table.require("name", "\"hardware market\"");
    cause.items = table.texts("items").value_or(std::vector<std::string>{});
    table.require("items", "[\"server.\"]");
    cause.correlation = value_of(table, "correlation");
    if (cause.correlation > 1) table.error("correlation", "a correlation is at most 1");
    table.refuse_unknown_keys();
    rules.causes.push_back(std::move(cause));
  }
  root.refuse_unknown_keys();
  diagnostics.throw_if_any();
  return rules;
}

}  // namespace

PriceBook read_price_book(const std::vector<std::filesystem::path>& tables,
                          const std::filesystem::path& rules_file) {
  UncertaintyRules rules = read_rules(rules_file);
  std::vector<Price> rows;
  for (const auto& file : tables) {
    const CsvTable table = CsvTable::read(file);
    for (std::size_t row = 0; row < table.rows(); ++row) {
      rows.push_back(read_price(table, row, rules));
    }
  }
  return {std::move(rows), std::move(rules)};
}

const PriceBook& price_book() {
  static const PriceBook book =
      read_price_book({data_file("planner/data/prices.csv"), data_file("planner/data/carbon.csv")},
                      data_file("planner/data/uncertainty.toml"));
  return book;
}

}  // namespace fleetwright
