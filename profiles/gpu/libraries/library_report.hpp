#pragma once

#include <string>
#include <vector>

namespace fleetwright::gpu {

/// One line for each library that is loaded at run time: version and place, or what was tried.
[[nodiscard]] std::vector<std::string> library_report();

}  // namespace fleetwright::gpu
