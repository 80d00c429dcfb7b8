#pragma once

#include <map>
#include <string>
#include <vector>

#include "profiles/accelerator.hpp"

namespace fleetwright {

/// True for parts that compute alike: one chip and memory, sold with other links (H800 and H100).
[[nodiscard]] bool same_chip(const Accelerator& a, const Accelerator& b);

/// All accelerators in the order in which their measurements may stand in for those of
/// `accelerator`: itself, parts of the same chip, its architecture, the rest; within each those
/// first whose ratio of tensor rate to memory bandwidth is nearest.
[[nodiscard]] std::vector<const Accelerator*> relatives_of(
    const Accelerator& accelerator, const std::map<std::string, Accelerator>& accelerators);

}  // namespace fleetwright
