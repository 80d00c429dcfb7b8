#pragma once

#include <string>
#include <string_view>

namespace fleetwright {

/// A number of a report for people: the unit follows from the path, "step.time_s" is "19.93 s".
[[nodiscard]] std::string human_value(std::string_view path, double value);

}  // namespace fleetwright
