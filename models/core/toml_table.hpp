#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/core/diagnostics.hpp"
#include "models/core/parse_units.hpp"
#include "models/core/toml_document.hpp"

namespace fleetwright {

/// Bounds of a number, both ends included.
template <typename T>
struct Range {
  T low;
  T high;
};

/// A table of a TOML document that is being read: typed access, in which everything wrong becomes a
/// located diagnostic and reading goes on. An absent or bad value reads as nullopt.
class TomlTable {
 public:
  /// `path` names the table in messages ("strategy"; empty at the root). The map and the
  /// diagnostics must outlive this.
  TomlTable(const TomlMap& map, SourceLocation where, std::string path, Diagnostics& diagnostics);

  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] std::optional<std::string> text(std::string_view key);
  [[nodiscard]] std::optional<bool> boolean(std::string_view key);
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key,
                                                    Range<std::int64_t> bounds);
  /// A dimensionless number; integers are taken too. NaN and infinities are refused.
  [[nodiscard]] std::optional<double> number(std::string_view key, Range<double> bounds);
  [[nodiscard]] std::optional<std::vector<std::int64_t>> integers(std::string_view key,
                                                                  Range<std::int64_t> bounds);
  /// Numbers or integers.
  [[nodiscard]] std::optional<std::vector<double>> numbers(std::string_view key,
                                                           Range<double> bounds);
  [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view key);
  [[nodiscard]] std::optional<TomlTable> table(std::string_view key);
  /// The value as it stands, of any type; null if absent.
  [[nodiscard]] const TomlValue* value(std::string_view key) { return find(key); }
  /// An array of tables; absent reads as empty.
  [[nodiscard]] std::vector<TomlTable> tables(std::string_view key);
  /// All keys in the order of the file.
  [[nodiscard]] std::vector<std::string> keys() const;

  /// A text with a unit. A bare number is an error that suggests the unit.
  template <typename Q>
  [[nodiscard]] std::optional<Q> quantity(std::string_view key) {
    std::optional<Q> result;
    with_quantity_text(key, example_of<Q>(), [&](const std::string& text) {
      auto parsed = parse_quantity<Q>(text);
      if (const auto* error = std::get_if<UnitError>(&parsed)) {
        this->error(key, error->message, error->suggestion);
      } else {
        result = std::get<Q>(parsed);
      }
    });
    return result;
  }

  /// One of the given words; others are an error with "did you mean".
  [[nodiscard]] std::optional<std::string> choice(std::string_view key,
                                                  const std::vector<std::string>& choices);

  /// Adds a diagnostic at the value of `key` (at the table if it is absent).
  void error(std::string_view key, std::string message, std::string suggestion = {});
  /// Adds "missing key" at this table, unless the key is there (and then was diagnosed already).
  void require(std::string_view key, std::string_view example);
  /// Adds a diagnostic for each key that nothing asked for. Call it last.
  void refuse_unknown_keys();

  [[nodiscard]] SourceLocation where(std::string_view key) const;
  [[nodiscard]] const SourceLocation& where() const { return where_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// "strategy.pp" for key pp.
  [[nodiscard]] std::string path_of(std::string_view key) const;

 private:
  const TomlValue* find(std::string_view key);
  void wrong_type(std::string_view key, std::string_view wanted);
  void with_quantity_text(std::string_view key, std::string_view example,
                          const std::function<void(const std::string&)>& use);

  const TomlMap* map_;
  SourceLocation where_;
  std::string path_;
  Diagnostics* diagnostics_;
  std::set<std::string, std::less<>> known_;
};

/// Reads a file of tables, one T a table, by the table's name. `read_one` takes the name and the
/// table. Throws Error (unreadable) and ScenarioError with all diagnostics of the file.
template <typename T, typename ReadOne>
[[nodiscard]] std::map<std::string, T> read_named_tables(const std::filesystem::path& file,
                                                         ReadOne read_one) {
  const TomlMap document = parse_toml_file(file);
  Diagnostics diagnostics;
  TomlTable root(document, {file.string(), 1, 1}, "", diagnostics);
  std::map<std::string, T> result;
  for (const std::string& name : root.keys()) {
    if (auto table = root.table(name)) result.emplace(name, read_one(name, std::move(*table)));
  }
  diagnostics.throw_if_any();
  return result;
}

}  // namespace fleetwright
