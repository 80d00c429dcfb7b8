#pragma once

#include "gui/models/content.hpp"
#include "gui/models/export_calendar.hpp"
#include "gui/models/report.hpp"
#include "gui/models/run.hpp"

namespace fleetwright::gui {

/// What is known of a fleet: the run that is shown and the plans of its scenario, either may be
/// missing, and the calendar of export rules.
struct FleetQuestion {
  const Run* run = nullptr;
  Report plans;
  QString destination;
  std::vector<ExportDay> days;
};

/// Islands and where the best mixed plan puts them, purchases and what the rules said on their day;
/// below, the calendar.
[[nodiscard]] PageContent fleet_content(const FleetQuestion& question);

/// The accelerators of a run: of its islands and of what it buys.
[[nodiscard]] QStringList accelerators_of(const Run& run);

}  // namespace fleetwright::gui
