#pragma once

#include <string>
#include <vector>

#include "planner/described_setting.hpp"

namespace fleetwright {

/// An array of objects {setting, value, origin, type, ...}: beside the type, what may be written:
/// minimum, maximum, more_than, choices, example, each where it is known.
[[nodiscard]] std::string settings_json(const std::vector<DescribedSetting>& settings);

}  // namespace fleetwright
