#pragma once

#include <string>
#include <string_view>

#include "planner/search/design_search.hpp"

namespace fleetwright {

/// Designs side by side: the whole part, those that need no licence, and what each limit costs by
/// itself. "table", "json" (an array of objects), "csv", "md" or "html".
[[nodiscard]] std::string print_designs(const DesignAnswer& answer, std::string_view format);

}  // namespace fleetwright
