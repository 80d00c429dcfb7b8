#pragma once

#include <map>
#include <string>
#include <vector>

#include "profiles/accelerator.hpp"

namespace fleetwright {

/// All accelerators in the order in which their measurements may stand in for those of
/// `accelerator`: itself, its architecture, the rest; by id within each.
[[nodiscard]] std::vector<const Accelerator*> relatives_of(
    const Accelerator& accelerator, const std::map<std::string, Accelerator>& accelerators);

}  // namespace fleetwright
