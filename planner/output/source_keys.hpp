#pragma once

#include <string>
#include <vector>

namespace fleetwright {

/// A source that data files cite by its key.
struct KnownSource {
  std::string key;  // "EPOCH-COST"
  std::string citation;
  std::string url;  // empty where there is none
};

/// Those of sources.toml in profiles/data and planner/data that the texts name, by key. Throws
/// ScenarioError (located) and Error.
[[nodiscard]] std::vector<KnownSource> sources_named_in(const std::vector<std::string>& texts);

}  // namespace fleetwright
