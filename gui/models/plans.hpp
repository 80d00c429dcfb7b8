#pragma once

#include <utility>
#include <vector>

#include "gui/models/content.hpp"
#include "gui/models/report.hpp"

namespace fleetwright::gui {

/// The plans of `fleetwright plan --format json`, days against dollars (or GPU-hours, where the
/// scenario has no price). The n-th point and the n-th row are the n-th plan.
[[nodiscard]] PageContent plans_content(const Report& plans);

/// What the n-th plan sets, as paths of a scenario and values in TOML: "strategy.tp", "2".
[[nodiscard]] std::vector<std::pair<QString, QString>> strategy_of_plan(const Report& plans, int n);

}  // namespace fleetwright::gui
