#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/core/quantity.hpp"
#include "models/core/toml_document.hpp"

namespace fleetwright {

/// Keys of a scenario that move together, and what they are set to at each point of the axis.
struct SweepAxis {
  std::vector<std::string> keys;                 // "strategy.pp"
  std::vector<std::vector<std::string>> points;  // TOML, one value a key
};

/// One key of a case, set over the base scenario.
struct Assignment {
  std::string key;
  std::string value;  // TOML

  [[nodiscard]] std::string text() const { return key + "=" + value; }
  bool operator==(const Assignment&) const = default;
};

/// Many scenarios: a base, and axes whose product is the cases.
struct SweepSpec {
  std::filesystem::path file;
  std::string name;
  std::filesystem::path base;  // a scenario file
  std::string text;            // the document in its canonical form
  Seconds time_limit{600};     // of one case
  std::vector<SweepAxis> axes;

  /// At least one; the reader refuses more than a million.
  [[nodiscard]] std::size_t cases() const;
  /// What case `number` (from 0; the last axis moves fastest) sets.
  [[nodiscard]] std::vector<Assignment> assignments(std::size_t number) const;
};

/// Reads a sweep and checks it by itself; whether its keys and values make scenarios is found out
/// case by case. Throws ScenarioError with every diagnostic of the file, and Error if it cannot be
/// read.
[[nodiscard]] SweepSpec read_sweep_spec(const std::filesystem::path& file);
[[nodiscard]] SweepSpec parse_sweep_spec(std::string_view text, const std::filesystem::path& file);

}  // namespace fleetwright
