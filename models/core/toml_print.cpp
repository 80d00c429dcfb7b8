#include "models/core/toml_print.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/core/overloaded.hpp"

namespace fleetwright {
namespace {

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string printed_key(std::string_view key) {
  const bool bare = !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  return bare ? std::string(key) : toml_text(key);
}

// Shortest, and never to be taken for an integer.
std::string printed(double number) {
  std::string text = fmt::format("{}", number);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

std::vector<const TomlEntry*> sorted(const TomlMap& map) {
  std::vector<const TomlEntry*> entries;
  for (const TomlEntry& e : map.entries) entries.push_back(&e);
  std::ranges::sort(entries, {}, [](const TomlEntry* e) { return std::string_view(e->key); });
  return entries;
}

std::string assignment(const TomlEntry& entry) {
  return printed_key(entry.key) + " = " + print_toml(entry.value);
}

std::string inline_table(const TomlMap& map) {
  std::vector<std::string> items;
  for (const TomlEntry* e : sorted(map)) items.push_back(assignment(*e));
  return items.empty() ? "{}" : fmt::format("{{ {} }}", fmt::join(items, ", "));
}

std::string array(const TomlArray& values) {
  std::vector<std::string> items;
  for (const TomlValue& v : values) items.push_back(print_toml(v));
  return fmt::format("[{}]", fmt::join(items, ", "));
}

}  // namespace

std::string print_toml(const TomlValue& value) {
  return std::visit(Overloaded{[](bool b) { return std::string(b ? "true" : "false"); },
                               [](std::int64_t i) { return fmt::format("{}", i); },
                               [](double d) { return printed(d); },
                               [](const std::string& s) { return toml_text(s); },
                               [](const TomlArray& a) { return array(a); },
                               [](const TomlMap& m) { return inline_table(m); }},
                    value.data);
}

std::string print_toml(const TomlMap& document) {
  std::string out;
  for (const TomlEntry* e : sorted(document)) out += assignment(*e) + "\n";
  return out;
}

}  // namespace fleetwright
