#pragma once

namespace fleetwright::gui {
class ChartPage;
}

namespace fleetwright::testing {

/// Clicks a point of the page's first chart with the mouse.
void click_point(gui::ChartPage& page, int point);

}  // namespace fleetwright::testing
