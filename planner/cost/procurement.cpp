// Export rules on the machines of a fleet: cost alone would hide what could not be bought.

#include <algorithm>

#include "models/core/data_files.hpp"
#include "planner/cost/scopes.hpp"
#include "planner/export_control.hpp"
#include "profiles/hardware_data.hpp"

namespace fleetwright {

std::vector<FleetProcurement> procurement_of(const FleetSettings& fleet) {
  std::vector<FleetProcurement> result;
  if (fleet.destination.empty()) return result;
  const ExportRules rules = read_export_rules(data_file("planner/data/export_rules.toml"));
  const auto parts =
      read_export_parts(data_file("planner/data/export_parts.csv"), hardware_data().accelerators);
  for (const FleetIsland& island : fleet.islands) {
    const auto part = std::ranges::find(parts, island.accelerator, &ExportPart::id);
    if (part == parts.end()) continue;
    const ExportVerdict v = export_verdict(*part, rules, island.bought, fleet.destination);
    result.push_back({island.accelerator, island.bought, fleet.destination,
                      std::string(to_string(v.effect)), v.clause, v.sources});
  }
  return result;
}

}  // namespace fleetwright
