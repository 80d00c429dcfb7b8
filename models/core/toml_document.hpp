#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "models/core/diagnostics.hpp"

namespace fleetwright {

struct TomlValue;
struct TomlEntry;
using TomlArray = std::vector<TomlValue>;

/// The keys of a table in the order of the file.
struct TomlMap {
  std::vector<TomlEntry> entries;

  [[nodiscard]] const TomlEntry* find(std::string_view key) const;
  [[nodiscard]] TomlEntry* find(std::string_view key);
};

/// A value with its place in the file. Dates and times are kept as text.
struct TomlValue {
  std::variant<bool, std::int64_t, double, std::string, TomlArray, TomlMap> data;
  SourceLocation where;
};

struct TomlEntry {
  std::string key;
  SourceLocation where;  // of the key
  TomlValue value;
};

/// Reads TOML. Throws ScenarioError (syntax, duplicate key: with line and column) and Error (file).
[[nodiscard]] TomlMap parse_toml(std::string_view text, const std::string& file);
[[nodiscard]] TomlMap parse_toml_file(const std::filesystem::path& file);

/// Applies `key.path=value` over a document; the value is TOML, or plain text if it is not. Located
/// as file "--set key.path". Throws ScenarioError if the assignment is malformed or a part of the
/// path is no table.
void apply_override(TomlMap& document, std::string_view assignment);

}  // namespace fleetwright
