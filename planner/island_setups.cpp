#include "planner/island_setups.hpp"

#include "planner/fusions.hpp"

namespace fleetwright {

std::vector<IslandPart> island_setups(const Scenario& scenario) {
  std::vector<IslandPart> parts{{scenario.cluster_name, scenario.setup}};
  for (const ScenarioIsland& island : scenario.islands) {
    IslandPart part{island.name, scenario.setup};
    part.setup.cluster = island.cluster;
    part.setup.stack = island.stack;
    part.setup.job.precision = island.precision;
    apply_fusions(island.stack, part.setup.job);
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace fleetwright
