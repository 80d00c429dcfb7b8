#include "models/core/toml_document.hpp"

#include <fmt/core.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "models/core/text_file.hpp"

namespace fleetwright {
namespace {

SourceLocation locate(const toml::source_region& region, const std::string& file) {
  return {file, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

TomlMap convert_table(const toml::table& table, const std::string& file);

TomlValue convert(const toml::node& node, const std::string& file) {
  TomlValue value;
  value.where = locate(node.source(), file);
  if (const auto* t = node.as_table()) {
    value.data = convert_table(*t, file);
  } else if (const auto* a = node.as_array()) {
    TomlArray items;
    for (const toml::node& item : *a) items.push_back(convert(item, file));
    value.data = std::move(items);
  } else if (const auto* b = node.as_boolean()) {
    value.data = b->get();
  } else if (const auto* i = node.as_integer()) {
    value.data = i->get();
  } else if (const auto* f = node.as_floating_point()) {
    value.data = f->get();
  } else if (const auto* s = node.as_string()) {
    value.data = s->get();
  } else {
    std::ostringstream text;
    node.visit([&](const auto& n) {
      if constexpr (toml::is_date<decltype(n)> || toml::is_time<decltype(n)> ||
                    toml::is_date_time<decltype(n)>) {
        text << n.get();
      }
    });
    value.data = text.str();
  }
  return value;
}

TomlMap convert_table(const toml::table& table, const std::string& file) {
  TomlMap map;
  for (const auto& [key, node] : table) {
    map.entries.push_back(
        {std::string(key.str()), locate(key.source(), file), convert(node, file)});
  }
  // toml++ sorts the keys; diagnostics and `show` follow the order of the file.
  std::ranges::stable_sort(
      map.entries, {}, [](const TomlEntry& e) { return std::pair(e.where.line, e.where.column); });
  return map;
}

// Gives a value and all inside it one place.
void place(TomlValue& value, const SourceLocation& where) {
  value.where = where;
  if (auto* items = std::get_if<TomlArray>(&value.data)) {
    for (TomlValue& item : *items) place(item, where);
  } else if (auto* map = std::get_if<TomlMap>(&value.data)) {
    for (TomlEntry& entry : map->entries) {
      entry.where = where;
      place(entry.value, where);
    }
  }
}

}  // namespace

const TomlEntry* TomlMap::find(std::string_view key) const {
  const auto it = std::ranges::find(entries, key, &TomlEntry::key);
  return it == entries.end() ? nullptr : &*it;
}

TomlEntry* TomlMap::find(std::string_view key) {
  const auto it = std::ranges::find(entries, key, &TomlEntry::key);
  return it == entries.end() ? nullptr : &*it;
}

TomlMap parse_toml(std::string_view text, const std::string& file) {
  try {
    return convert_table(toml::parse(text, file), file);
  } catch (const toml::parse_error& e) {
    std::string message(e.description());
    // toml++ explains the same thing over several lines; the first says it.
    message = message.substr(0, message.find('\n'));
    throw ScenarioError({{locate(e.source(), file), "malformed TOML: " + message, ""}});
  }
}

TomlMap parse_toml_file(const std::filesystem::path& file) {
  return parse_toml(read_text_file(file), file.string());
}

void apply_override(TomlMap& document, std::string_view assignment) {
  const auto equals = assignment.find('=');
  const std::string path(assignment.substr(0, equals));
  const SourceLocation where{"--set " + std::string(assignment), 0, 0};
  const bool has_empty_part = path.empty() || path.front() == '.' || path.back() == '.' ||
                              path.find("..") != std::string_view::npos;
  if (equals == std::string_view::npos || has_empty_part) {
    throw ScenarioError({{where, "an override is written key.path=value", ""}});
  }
  const std::string text(assignment.substr(equals + 1));
  TomlValue value{text, where};
  try {
    TomlMap parsed = parse_toml("value = " + text, where.file);
    // More than one entry: the text holds lines of its own.
    if (parsed.entries.size() == 1) value = std::move(parsed.entries.front().value);
  } catch (const ScenarioError&) {
    // Not TOML: plain text.
  }
  place(value, where);

  TomlMap* table = &document;
  std::string_view rest = path;
  for (auto dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
    const std::string part(rest.substr(0, dot));
    rest.remove_prefix(dot + 1);
    TomlEntry* entry = table->find(part);
    if (entry == nullptr) {
      table->entries.push_back({part, where, TomlValue{TomlMap{}, where}});
      entry = &table->entries.back();
    }
    table = std::get_if<TomlMap>(&entry->value.data);
    if (table == nullptr) {
      throw ScenarioError({{where, fmt::format("'{}' of '{}' is no table", part, path), ""}});
    }
  }
  if (TomlEntry* entry = table->find(rest)) {
    entry->value = std::move(value);
    entry->where = where;
  } else {
    table->entries.push_back({std::string(rest), where, std::move(value)});
  }
}

}  // namespace fleetwright
