#pragma once

#include <memory>

#include "gui/models/content.hpp"

class QChart;

namespace fleetwright::gui {

/// Draws what `data` says in the application's palette.
[[nodiscard]] std::unique_ptr<QChart> build_chart(const ChartData& data);

}  // namespace fleetwright::gui
