#pragma once

#include <map>
#include <string>
#include <string_view>

#include "models/core/diagnostics.hpp"

namespace fleetwright {

/// Where the keys of a JSON object's first level stand; the JSON library keeps no positions and
/// takes a key twice. Throws ScenarioError on a duplicate at any level. The text must be valid
/// JSON.
[[nodiscard]] std::map<std::string, SourceLocation> locate_keys(std::string_view json,
                                                                const std::string& file);

/// Line and column of a byte offset, both from 1.
[[nodiscard]] SourceLocation locate_offset(std::string_view text, std::size_t offset,
                                           const std::string& file);

}  // namespace fleetwright
