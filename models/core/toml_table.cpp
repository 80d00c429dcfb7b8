#include "models/core/toml_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/core/suggest.hpp"

namespace fleetwright {
namespace {

std::string_view type_name(const TomlValue& value) {
  constexpr std::string_view names[] = {"a boolean", "an integer", "a number",
                                        "a text",    "an array",   "a table"};
  return names[value.data.index()];
}

}  // namespace

TomlTable::TomlTable(const TomlMap& map, SourceLocation where, std::string path,
                     Diagnostics& diagnostics)
    : map_(&map), where_(std::move(where)), path_(std::move(path)), diagnostics_(&diagnostics) {}

const TomlValue* TomlTable::find(std::string_view key) {
  known_.emplace(key);
  const TomlEntry* entry = map_->find(key);
  return entry == nullptr ? nullptr : &entry->value;
}

bool TomlTable::has(std::string_view key) const { return map_->find(key) != nullptr; }

std::string TomlTable::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

SourceLocation TomlTable::where(std::string_view key) const {
  const TomlEntry* entry = map_->find(key);
  return entry == nullptr ? where_ : entry->value.where;
}

void TomlTable::error(std::string_view key, std::string message, std::string suggestion) {
  diagnostics_->add(where(key), std::move(message), std::move(suggestion));
}

void TomlTable::wrong_type(std::string_view key, std::string_view wanted) {
  error(key, fmt::format("{} must be {}, not {}", path_of(key), wanted,
                         type_name(map_->find(key)->value)));
}

std::optional<std::string> TomlTable::text(std::string_view key) {
  const TomlValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* s = std::get_if<std::string>(&value->data)) return *s;
  wrong_type(key, "a text");
  return std::nullopt;
}

std::optional<bool> TomlTable::boolean(std::string_view key) {
  const TomlValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* b = std::get_if<bool>(&value->data)) return *b;
  wrong_type(key, "true or false");
  return std::nullopt;
}

std::optional<std::int64_t> TomlTable::integer(std::string_view key, Range<std::int64_t> bounds) {
  const TomlValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto* i = std::get_if<std::int64_t>(&value->data);
  if (i == nullptr) {
    wrong_type(key, "an integer");
    return std::nullopt;
  }
  if (*i < bounds.low || *i > bounds.high) {
    error(key,
          fmt::format("{} = {} is outside {} to {}", path_of(key), *i, bounds.low, bounds.high));
    return std::nullopt;
  }
  return *i;
}

std::optional<double> TomlTable::number(std::string_view key, Range<double> bounds) {
  const TomlValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  double number = 0.0;
  if (const auto* i = std::get_if<std::int64_t>(&value->data)) {
    number = static_cast<double>(*i);
  } else if (const auto* d = std::get_if<double>(&value->data)) {
    number = *d;
  } else {
    wrong_type(key, "a number");
    return std::nullopt;
  }
  if (!std::isfinite(number)) {
    error(key, fmt::format("{} = {} is not a finite number", path_of(key), number));
    return std::nullopt;
  }
  if (number < bounds.low || number > bounds.high) {
    error(key, fmt::format("{} = {} is outside {} to {}", path_of(key), number, bounds.low,
                           bounds.high));
    return std::nullopt;
  }
  return number;
}

std::optional<std::vector<std::int64_t>> TomlTable::integers(std::string_view key,
                                                             Range<std::int64_t> bounds) {
  const TomlValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  std::vector<std::int64_t> result;
  const auto* array = std::get_if<TomlArray>(&value->data);
  if (array == nullptr) {
    wrong_type(key, "an array of integers");
    return std::nullopt;
  }
  for (const TomlValue& item : *array) {
    const auto* i = std::get_if<std::int64_t>(&item.data);
    if (i == nullptr || *i < bounds.low || *i > bounds.high) {
      diagnostics_->add(item.where, fmt::format("{} must hold integers from {} to {}", path_of(key),
                                                bounds.low, bounds.high));
      return std::nullopt;
    }
    result.push_back(*i);
  }
  return result;
}

std::optional<std::vector<double>> TomlTable::numbers(std::string_view key, Range<double> bounds) {
  const TomlValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto* array = std::get_if<TomlArray>(&value->data);
  if (array == nullptr) {
    wrong_type(key, "an array of numbers");
    return std::nullopt;
  }
  std::vector<double> result;
  for (const TomlValue& item : *array) {
    const auto* d = std::get_if<double>(&item.data);
    const auto* i = std::get_if<std::int64_t>(&item.data);
    const double number = d != nullptr   ? *d
                          : i != nullptr ? static_cast<double>(*i)
                                         : bounds.low - 1;
    if (!(number >= bounds.low && number <= bounds.high)) {
      diagnostics_->add(item.where, fmt::format("{} must hold numbers from {} to {}", path_of(key),
                                                bounds.low, bounds.high));
      return std::nullopt;
    }
    result.push_back(number);
  }
  return result;
}

std::optional<std::vector<std::string>> TomlTable::texts(std::string_view key) {
  const TomlValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto* array = std::get_if<TomlArray>(&value->data);
  if (array == nullptr) {
    wrong_type(key, "an array of texts");
    return std::nullopt;
  }
  std::vector<std::string> result;
  for (const TomlValue& item : *array) {
    const auto* s = std::get_if<std::string>(&item.data);
    if (s == nullptr) {
      diagnostics_->add(item.where, fmt::format("{} must hold texts", path_of(key)));
      return std::nullopt;
    }
    result.push_back(*s);
  }
  return result;
}

std::optional<TomlTable> TomlTable::table(std::string_view key) {
  const TomlValue* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* map = std::get_if<TomlMap>(&value->data)) {
    return TomlTable(*map, value->where, path_of(key), *diagnostics_);
  }
  wrong_type(key, "a table");
  return std::nullopt;
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) {
  std::vector<TomlTable> result;
  const TomlValue* value = find(key);
  if (value == nullptr) return result;
  const auto* array = std::get_if<TomlArray>(&value->data);
  if (array == nullptr) {
    wrong_type(key, fmt::format("an array of tables, written [[{}]]", path_of(key)));
    return result;
  }
  for (const TomlValue& item : *array) {
    if (const auto* map = std::get_if<TomlMap>(&item.data)) {
      result.emplace_back(*map, item.where, fmt::format("{}[{}]", path_of(key), result.size()),
                          *diagnostics_);
    } else {
      diagnostics_->add(item.where, fmt::format("{} must hold tables", path_of(key)));
    }
  }
  return result;
}

std::vector<std::string> TomlTable::keys() const {
  std::vector<std::string> result;
  for (const TomlEntry& entry : map_->entries) result.push_back(entry.key);
  return result;
}

void TomlTable::with_quantity_text(std::string_view key, std::string_view example,
                                   const std::function<void(const std::string&)>& use) {
  const TomlValue* value = find(key);
  if (value == nullptr) return;
  if (const auto* s = std::get_if<std::string>(&value->data)) {
    use(*s);
  } else if (std::holds_alternative<std::int64_t>(value->data) ||
             std::holds_alternative<double>(value->data)) {
    error(key, fmt::format("{} is a bare number without a unit", path_of(key)),
          fmt::format("write it with its unit, as in {} = \"{}\"", key, example));
  } else {
    wrong_type(key, fmt::format("a text with a unit, such as \"{}\"", example));
  }
}

std::optional<std::string> TomlTable::choice(std::string_view key,
                                             const std::vector<std::string>& choices) {
  auto word = text(key);
  if (!word || std::ranges::find(choices, *word) != choices.end()) return word;
  error(key, fmt::format("unknown {} '{}'", path_of(key), *word), did_you_mean(*word, choices));
  return std::nullopt;
}

void TomlTable::require(std::string_view key, std::string_view example) {
  if (has(key)) return;
  diagnostics_->add(where_, fmt::format("missing key '{}'", path_of(key)),
                    fmt::format("add a line such as {} = {}", key, example));
}

void TomlTable::refuse_unknown_keys() {
  const std::vector<std::string> candidates(known_.begin(), known_.end());
  for (const TomlEntry& entry : map_->entries) {
    if (known_.contains(entry.key)) continue;
    diagnostics_->add(entry.where, fmt::format("unknown key '{}'", path_of(entry.key)),
                      did_you_mean(entry.key, candidates));
  }
}

}  // namespace fleetwright
