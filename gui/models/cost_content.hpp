#pragma once

#include "gui/models/content.hpp"
#include "gui/models/report.hpp"

namespace fleetwright::gui {

/// The bill of `fleetwright cost --format json`: from the rented run to the fleet, the range of
/// each scope, and the inputs that move the largest. Empty where the scenario gives a basis for no
/// scope.
[[nodiscard]] PageContent cost_content(const Report& cost);

}  // namespace fleetwright::gui
