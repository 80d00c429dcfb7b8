#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/toml_table.hpp"
#include "planner/described_setting.hpp"

namespace fleetwright {

// How readers say what they allow.
namespace allowed {

[[nodiscard]] AllowedValues integers(Range<std::int64_t> bounds);
[[nodiscard]] AllowedValues numbers(Range<double> bounds);
/// No other names.
[[nodiscard]] AllowedValues one_of(std::vector<std::string> names);
/// Names, or something else that looks like the example.
[[nodiscard]] AllowedValues known_names(std::vector<std::string> names, std::string_view example);
[[nodiscard]] AllowedValues written_as(std::string_view example);
[[nodiscard]] AllowedValues lists(AllowedValues of = {});
/// More than zero, with a unit.
template <typename Q>
[[nodiscard]] AllowedValues quantities() {
  AllowedValues values = written_as(example_of<Q>());
  values.type = AllowedValues::Type::quantity;
  values.more_than = 0.0;
  return values;
}

}  // namespace allowed

/// Reads one table of a scenario and writes down what each key was set to, and why: by the
/// scenario, by --set, or by a default of which `why` names the origin.
class SettingReader {
 public:
  /// The diagnostics must be the table's; all must outlive this.
  SettingReader(TomlTable table, Diagnostics& diagnostics, std::vector<DescribedSetting>& settings);
  /// One of `parent`'s tables; an absent one reads as an empty one at the parent's place.
  SettingReader(SettingReader& parent, std::string_view table);

  std::optional<std::string> text(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, Range<std::int64_t> bounds);
  std::optional<double> number(std::string_view key, Range<double> bounds);
  std::optional<std::string> choice(std::string_view key, const std::vector<std::string>& choices);
  /// Absent, it is what `why` says and no value can.
  std::optional<std::int64_t> optional_integer(std::string_view key, Range<std::int64_t> bounds,
                                               std::string_view why);

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
    if (value) note(key, quoted(*table_.text(key)), allowed::quantities<Q>());
    return value;
  }

  /// Writes down a key of the scenario that was read through table().
  void note(std::string_view key, std::string value, AllowedValues values);
  void note_default(std::string_view key, std::string value, std::string_view why,
                    AllowedValues values);
  /// Says more of a text that was read, where its reader checks more than that it is one.
  void describe(std::string_view key, AllowedValues values);
  [[nodiscard]] bool has(std::string_view key) const { return table_.has(key); }
  [[nodiscard]] TomlTable& table() { return table_; }

  [[nodiscard]] static std::string quoted(std::string_view text);

 private:
  Diagnostics* diagnostics_;
  std::vector<DescribedSetting>* settings_;
  TomlTable table_;
};

}  // namespace fleetwright
