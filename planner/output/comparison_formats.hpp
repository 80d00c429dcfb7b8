#pragma once

#include <string>

#include "planner/comparison.hpp"

namespace fleetwright {

/// {schema "fleetwright.comparison/1", reports[], quantities[], settings[], explained[]}.
[[nodiscard]] std::string comparison_json(const Comparison& comparison);

/// Quantities side by side with the ratio to the first, what differs in the settings, and why.
[[nodiscard]] std::string comparison_table(const Comparison& comparison);
[[nodiscard]] std::string comparison_markdown(const Comparison& comparison);
[[nodiscard]] std::string comparison_csv(const Comparison& comparison);

}  // namespace fleetwright
