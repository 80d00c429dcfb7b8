#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/toml_table.hpp"
#include "planner/scenario.hpp"

namespace fleetwright {

/// Reads one table of a scenario and writes down what each key was set to, and why: by the
/// scenario, by --set, or by a default of which `why` names the origin.
class SettingReader {
 public:
  /// The diagnostics must be the table's; all must outlive this.
  SettingReader(TomlTable table, Diagnostics& diagnostics, std::vector<Setting>& settings);
  /// One of `parent`'s tables; an absent one reads as an empty one at the parent's place.
  SettingReader(SettingReader& parent, std::string_view table);

  std::optional<std::string> text(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, Range<std::int64_t> bounds);
  std::optional<double> number(std::string_view key, Range<double> bounds);

  std::string text_or(std::string_view key, const std::string& fallback, std::string_view why);
  std::string choice_or(std::string_view key, const std::vector<std::string>& choices,
                        const std::string& fallback, std::string_view why);
  int integer_or(std::string_view key, Range<std::int64_t> bounds, int fallback,
                 std::string_view why);
  double number_or(std::string_view key, Range<double> bounds, double fallback,
                   std::string_view why);
  bool boolean_or(std::string_view key, bool fallback, std::string_view why);

  /// A quantity above zero.
  template <typename Q>
  std::optional<Q> quantity(std::string_view key) {
    auto value = table_.quantity<Q>(key);
    if (value && value->si() <= 0) {
      table_.error(key, table_.path_of(key) + " must be more than zero");
      value.reset();
    }
    if (value) note(key, quoted(*table_.text(key)));
    return value;
  }

  /// Writes down a key of the scenario that was read through table().
  void note(std::string_view key, std::string value);
  void note_default(std::string_view key, std::string value, std::string_view why);
  [[nodiscard]] bool has(std::string_view key) const { return table_.has(key); }
  [[nodiscard]] TomlTable& table() { return table_; }

  [[nodiscard]] static std::string quoted(std::string_view text);

 private:
  Diagnostics* diagnostics_;
  std::vector<Setting>* settings_;
  TomlTable table_;
};

}  // namespace fleetwright
