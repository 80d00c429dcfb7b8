#pragma once

#include <vector>

#include "gui/models/content.hpp"
#include "gui/models/run.hpp"

namespace fleetwright::gui {

// What each page says about a run. All are pure: the same run gives the same content.

/// The answer in words, each prediction beside what was published.
[[nodiscard]] PageContent summary_content(const Run& run);
/// Where the time of a step goes, and what bounds it.
[[nodiscard]] PageContent time_content(const Run& run);
/// Each pipeline rank against its capacity, and activations over the step.
[[nodiscard]] PageContent memory_content(const Run& run);
/// Links by load, and the shape of the network.
[[nodiscard]] PageContent network_content(const Run& run);
/// The bill from the rented run to the fleet, or GPU-hours where there is no price; and energy.
[[nodiscard]] PageContent money_content(const Run& run);
/// Every number the prediction rests on, with kind and source.
[[nodiscard]] PageContent sources_content(const Run& run);
/// Two or more runs side by side; the first is what the others are compared with.
[[nodiscard]] PageContent compare_content(const std::vector<const Run*>& runs);

}  // namespace fleetwright::gui
