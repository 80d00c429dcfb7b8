#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/precision_recipe.hpp"
#include "profiles/accelerator.hpp"
#include "profiles/failure_record.hpp"
#include "profiles/link.hpp"
#include "profiles/software_stack.hpp"

namespace fleetwright {

/// Everything that a scenario may name, as read from the data files that the program ships with.
struct Catalogue {
  std::map<std::string, Accelerator> accelerators;
  std::map<std::string, Link> links;
  std::map<std::string, SoftwareStack> software;
  std::map<std::string, PrecisionRecipe> precisions;
  std::map<std::string, FailureRecord> failures;
  std::vector<std::string> models;
};

/// Read once for the process, since many scenarios may be read in one. Throws Error if a data file
/// is missing.
[[nodiscard]] const Catalogue& catalogue();

template <typename T>
[[nodiscard]] std::vector<std::string> names_of(const std::map<std::string, T>& table) {
  std::vector<std::string> names;
  names.reserve(table.size());
  for (const auto& [name, value] : table) names.push_back(name);
  return names;
}

}  // namespace fleetwright
