#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "planner/scenario.hpp"

namespace fleetwright {

/// What may be written for a setting, as told by the code that checks it when it reads.
struct AllowedValues {
  enum class Type { text, choice, boolean, integer, number, quantity, list };

  Type type = Type::text;
  std::optional<double> minimum;     // included; of a list, of each of its numbers
  std::optional<double> maximum;     // included
  std::optional<double> more_than;   // the bound of quantities, in SI units
  std::vector<std::string> choices;  // all there are; of a text, names among other things
  std::string example;               // of texts of a form of their own: "80 GiB", "2024-12-26"
};

/// A setting and what it may be, for `show`.
struct DescribedSetting {
  Setting setting;
  AllowedValues allowed;  // as far as one setting can tell: rules between several come later
};

/// Reads and checks a scenario as read_scenario() does, for its settings. Not part of Scenario,
/// which is copied for each plan of a search and each case of a sweep.
[[nodiscard]] std::vector<DescribedSetting> read_settings(
    const std::filesystem::path& file, const std::vector<std::string>& overrides = {});

}  // namespace fleetwright
