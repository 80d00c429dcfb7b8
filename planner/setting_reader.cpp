#include "planner/setting_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

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

namespace allowed {

AllowedValues integers(Range<std::int64_t> bounds) {
  AllowedValues values =
      numbers({static_cast<double>(bounds.low), static_cast<double>(bounds.high)});
  values.type = AllowedValues::Type::integer;
  return values;
}

AllowedValues numbers(Range<double> bounds) {
  AllowedValues values;
  values.type = AllowedValues::Type::number;
  values.minimum = bounds.low;
  values.maximum = bounds.high;
  return values;
}

AllowedValues one_of(std::vector<std::string> names) {
  AllowedValues values = known_names(std::move(names), "");
  values.type = AllowedValues::Type::choice;
  return values;
}

AllowedValues known_names(std::vector<std::string> names, std::string_view example) {
  AllowedValues values = written_as(example);
  values.choices = std::move(names);
  return values;
}

AllowedValues written_as(std::string_view example) {
  AllowedValues values;
  values.example = example;
  return values;
}

AllowedValues lists(AllowedValues of) {
  of.type = AllowedValues::Type::list;
  return of;
}

}  // namespace allowed

SettingReader::SettingReader(TomlTable table, Diagnostics& diagnostics,
                             std::vector<DescribedSetting>& settings)
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

void SettingReader::note(std::string_view key, std::string value, AllowedValues values) {
  const std::string file = table_.where(key).file;
  const char* origin = file.starts_with("--set ") ? "--set" : "scenario";
  settings_->push_back({{table_.path_of(key), std::move(value), origin}, std::move(values)});
}

void SettingReader::note_default(std::string_view key, std::string value, std::string_view why,
                                 AllowedValues values) {
  settings_->push_back(
      {{table_.path_of(key), std::move(value), std::string(why)}, std::move(values)});
}

void SettingReader::describe(std::string_view key, AllowedValues values) {
  const std::string path = table_.path_of(key);
  const auto found =
      std::find_if(settings_->rbegin(), settings_->rend(),
                   [&](const DescribedSetting& s) { return s.setting.path == path; });
  if (found != settings_->rend()) found->allowed = std::move(values);
}

std::optional<std::string> SettingReader::text(std::string_view key) {
  auto value = table_.text(key);
  if (value) note(key, quoted(*value), {});
  return value;
}

std::optional<std::int64_t> SettingReader::integer(std::string_view key,
                                                   Range<std::int64_t> bounds) {
  const auto value = table_.integer(key, bounds);
  if (value) note(key, fmt::format("{}", *value), allowed::integers(bounds));
  return value;
}

std::optional<double> SettingReader::number(std::string_view key, Range<double> bounds) {
  const auto value = table_.number(key, bounds);
  if (value) note(key, toml_number(*value), allowed::numbers(bounds));
  return value;
}

std::optional<std::string> SettingReader::choice(std::string_view key,
                                                 const std::vector<std::string>& choices) {
  auto value = table_.choice(key, choices);
  if (value) note(key, quoted(*value), allowed::one_of(choices));
  return value;
}

std::optional<std::int64_t> SettingReader::optional_integer(std::string_view key,
                                                            Range<std::int64_t> bounds,
                                                            std::string_view why) {
  const auto value = integer(key, bounds);
  if (!value && !has(key)) note_default(key, "", why, allowed::integers(bounds));
  return value;
}

std::string SettingReader::text_or(std::string_view key, const std::string& fallback,
                                   std::string_view why) {
  const auto value = text(key);
  if (!value && !has(key)) note_default(key, quoted(fallback), why, {});
  return value.value_or(fallback);
}

std::string SettingReader::choice_or(std::string_view key, const std::vector<std::string>& choices,
                                     const std::string& fallback, std::string_view why) {
  const auto value = choice(key, choices);
  if (!value && !has(key)) note_default(key, quoted(fallback), why, allowed::one_of(choices));
  return value.value_or(fallback);
}

int SettingReader::integer_or(std::string_view key, Range<std::int64_t> bounds, int fallback,
                              std::string_view why) {
  const auto value = integer(key, bounds);
  if (!value && !has(key))
    note_default(key, fmt::format("{}", fallback), why, allowed::integers(bounds));
  return static_cast<int>(value.value_or(fallback));
}

double SettingReader::number_or(std::string_view key, Range<double> bounds, double fallback,
                                std::string_view why) {
  const auto value = number(key, bounds);
  if (!value && !has(key)) note_default(key, toml_number(fallback), why, allowed::numbers(bounds));
  return value.value_or(fallback);
}

bool SettingReader::boolean_or(std::string_view key, bool fallback, std::string_view why) {
  const auto value = table_.boolean(key);
  AllowedValues either;
  either.type = AllowedValues::Type::boolean;
  if (value) note(key, *value ? "true" : "false", either);
  if (!value && !has(key)) note_default(key, fallback ? "true" : "false", why, either);
  return value.value_or(fallback);
}

}  // namespace fleetwright
