#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fleetwright {

/// One member of an open family: a row of an explicit table. The same table feeds lookups, error
/// messages, `fleetwright list` and the conformance tests.
template <typename Factory>
struct RegistryRow {
  std::string_view name;
  std::string_view help;  // one sentence
  Factory make;
};

/// The row of that name, or null.
template <typename Factory>
[[nodiscard]] const RegistryRow<Factory>* find_row(std::span<const RegistryRow<Factory>> table,
                                                   std::string_view name) {
  for (const auto& row : table) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

template <typename Factory>
[[nodiscard]] std::vector<std::string> names_of(std::span<const RegistryRow<Factory>> table) {
  std::vector<std::string> names;
  for (const auto& row : table) names.emplace_back(row.name);
  return names;
}

}  // namespace fleetwright
