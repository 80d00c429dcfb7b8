#include "planner/setting_reader.hpp"

#include <fmt/format.h>

namespace fleetwright {
namespace {

const TomlMap& no_keys() {
  static const TomlMap empty;
  return empty;
}

TomlTable find_table(TomlTable& parent, std::string_view name, Diagnostics& diagnostics) {
  if (auto found = parent.table(name)) return *found;
  return {no_keys(), parent.where(), std::string(name), diagnostics};
}

// A number as TOML writes it: 1.0 stays a float.
std::string toml_number(double value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

SettingReader::SettingReader(TomlTable table, Diagnostics& diagnostics,
                             std::vector<Setting>& settings)
    : diagnostics_(&diagnostics), settings_(&settings), table_(std::move(table)) {}

SettingReader::SettingReader(SettingReader& parent, std::string_view table)
    : diagnostics_(parent.diagnostics_),
      settings_(parent.settings_),
      table_(find_table(parent.table_, table, *diagnostics_)) {}

std::string SettingReader::quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

void SettingReader::note(std::string_view key, std::string value) {
  const std::string file = table_.where(key).file;
  settings_->push_back(
      {table_.path_of(key), std::move(value), file.starts_with("--set ") ? "--set" : "scenario"});
}

void SettingReader::note_default(std::string_view key, std::string value, std::string_view why) {
  settings_->push_back({table_.path_of(key), std::move(value), std::string(why)});
}

std::optional<std::string> SettingReader::text(std::string_view key) {
  auto value = table_.text(key);
  if (value) note(key, quoted(*value));
  return value;
}

std::optional<std::int64_t> SettingReader::integer(std::string_view key,
                                                   Range<std::int64_t> bounds) {
  const auto value = table_.integer(key, bounds);
  if (value) note(key, fmt::format("{}", *value));
  return value;
}

std::optional<double> SettingReader::number(std::string_view key, Range<double> bounds) {
  const auto value = table_.number(key, bounds);
  if (value) note(key, toml_number(*value));
  return value;
}

std::string SettingReader::text_or(std::string_view key, const std::string& fallback,
                                   std::string_view why) {
  const auto value = text(key);
  if (!value && !has(key)) note_default(key, quoted(fallback), why);
  return value.value_or(fallback);
}

std::string SettingReader::choice_or(std::string_view key, const std::vector<std::string>& choices,
                                     const std::string& fallback, std::string_view why) {
  const auto value = table_.choice(key, choices);
  if (value) note(key, quoted(*value));
  if (!value && !has(key)) note_default(key, quoted(fallback), why);
  return value.value_or(fallback);
}

int SettingReader::integer_or(std::string_view key, Range<std::int64_t> bounds, int fallback,
                              std::string_view why) {
  const auto value = integer(key, bounds);
  if (!value && !has(key)) note_default(key, fmt::format("{}", fallback), why);
  return static_cast<int>(value.value_or(fallback));
}

double SettingReader::number_or(std::string_view key, Range<double> bounds, double fallback,
                                std::string_view why) {
  const auto value = number(key, bounds);
  if (!value && !has(key)) note_default(key, toml_number(fallback), why);
  return value.value_or(fallback);
}

bool SettingReader::boolean_or(std::string_view key, bool fallback, std::string_view why) {
  const auto value = table_.boolean(key);
  if (value) note(key, *value ? "true" : "false");
  if (!value && !has(key)) note_default(key, fallback ? "true" : "false", why);
  return value.value_or(fallback);
}

}  // namespace fleetwright
