// Everything that was bought, and what it takes to run it for years.

#include <fmt/format.h>

#include <utility>

#include "planner/cost/scopes.hpp"
#include "profiles/hardware_data.hpp"

namespace fleetwright {
namespace {

const Accelerator& accelerator_of(const FleetIsland& island) {
  return hardware_data().accelerators.at(island.accelerator);
}

std::size_t count_input(const FleetIsland& island, CostInputs& inputs) {
  const double n = island.accelerators;
  return inputs.given(
      fmt::format("{} in the fleet, bought {}", island.accelerator, to_string(island.bought)), "1",
      {n, n, n}, "scenario", {island.source});
}

CostLine servers_line(const FleetIsland& island, CostInputs& inputs) {
  LineInputs line;
  const std::size_t count = line.add(count_input(island, inputs));
  const std::string item = "server." + island.accelerator;
  const std::size_t price =
      line.add(inputs.price(item, {item, island.bought, island.regions, island.kinds}));
  return cost_line("servers, " + island.accelerator, "servers",
                   "accelerators / 8 x price of a server", std::move(line),
                   [=](CostSample v) { return v[count] / gpus_of_price * v[price]; });
}

std::string end_point_item(const FleetIsland& island) {
  const auto& links = hardware_data().links;
  const auto nic = links.find(accelerator_of(island).nic);
  const double gbps = nic == links.end() ? 0 : nic->second.bandwidth.value.si() * 8 / 1e9;
  return fmt::format("network.end-point-{:.0f}G-{}-layer", gbps, island.layers);
}

// Ports are counted by NICs, which the price of a server holds; switches and cables are not in it.
CostLine network_line(const FleetIsland& island, CostInputs& inputs) {
  LineInputs line;
  const std::size_t count = line.add(count_input(island, inputs));
  const double per_node = island.nics_per_node;
  const std::size_t nics = line.add(
      inputs.given("NICs of a server of " + island.accelerator, "1", {per_node, per_node, per_node},
                   "scenario", {"fleet.island, or the reference design of the accelerator"}));
  const std::size_t price = line.add(inputs.price(end_point_item(island)));
  return cost_line("network, " + island.accelerator, "network",
                   "accelerators / 8 x NICs of a server x switches and cables of an end point",
                   std::move(line),
                   [=](CostSample v) { return v[count] / gpus_of_price * v[nics] * v[price]; });
}

CostLine storage_line(const std::vector<CostLine>& capital, CostInputs& inputs) {
  LineInputs line;
  std::vector<CostAmount> amounts;
  for (const CostLine& part : capital) {
    if (!part.absent.empty()) continue;
    amounts.push_back(part.amount);
    for (const std::size_t i : part.inputs) line.add(InputOrNot(i));
  }
  const std::size_t share = line.add(inputs.price("factor.storage-share"));
  return cost_line("storage", "storage", "(servers + network) x share / (1 - share)",
                   std::move(line), [amounts = std::move(amounts), share](CostSample v) {
                     double sum = 0;
                     for (const CostAmount& amount : amounts) sum += amount(v);
                     return sum * v[share] / (1 - v[share]);
                   });
}

/// The power of an island: accelerators x TDP x what the rest of the server adds.
struct IslandPower {
  std::size_t count = 0;
  std::size_t tdp = 0;
  std::size_t server = 0;

  [[nodiscard]] double kw(CostSample v) const { return v[count] * v[tdp] * v[server]; }
};

IslandPower add_power(const FleetIsland& island, CostInputs& inputs, LineInputs& line) {
  IslandPower power;
  const Accelerator& a = accelerator_of(island);
  if (!a.tdp) {
    line.absent = fmt::format("the power of {} is not known", a.id);
    return power;
  }
  const double kw = a.tdp->value.si() / 1000;
  power.count = line.add(count_input(island, inputs));
  power.tdp = line.add(inputs.given("power of " + a.id, "kW", {kw, kw, kw}, "datasheet",
                                    {a.tdp->provenance.source}));
  power.server = line.add(inputs.price(server_power_item(a)));
  return power;
}

std::size_t years_input(const FleetSettings& fleet, CostInputs& inputs) {
  return inputs.given("fleet.years", "years", {fleet.years, fleet.years, fleet.years}, "scenario",
                      {fleet.years_source});
}

CostLine electricity_line(const FleetSettings& fleet, const FleetIsland& island,
                          CostInputs& inputs) {
  LineInputs line;
  const IslandPower power = add_power(island, inputs, line);
  const std::size_t years = line.add(years_input(fleet, inputs));
  const std::size_t draw = line.add(inputs.price("factor.gpu-draw"));
  const std::size_t pue = line.add(inputs.price("factor.pue"));
  const std::size_t price = line.add(inputs.price("electricity"));
  return cost_line("electricity, " + island.accelerator, "electricity",
                   "kW of the servers x mean draw x PUE x hours x price", std::move(line),
                   [=](CostSample v) {
                     return power.kw(v) * v[draw] * v[pue] * v[years] * hours_per_year * v[price];
                   });
}

CostLine space_line(const FleetSettings& fleet, const FleetIsland& island, CostInputs& inputs) {
  LineInputs line;
  const IslandPower power = add_power(island, inputs, line);
  const std::size_t years = line.add(years_input(fleet, inputs));
  const std::size_t rent = line.add(inputs.price("colocation"));
  return cost_line(
      "space, " + island.accelerator, "space",
      "kW of the servers x months x rent of a kW and month", std::move(line),
      [=](CostSample v) { return power.kw(v) * v[years] * months_per_year * v[rent]; });
}

CostLine staff_line() {
  LineInputs line;
  line.absent = "no source for operating staff, spare parts, support contracts and interest";
  return cost_line("operating staff, repairs, interest", "staff", "", std::move(line), {});
}

}  // namespace

Emissions fleet_emissions(const Report& report, const FleetSettings& fleet, CostInputs& inputs) {
  Emissions e;
  e.scope = "fleet";
  e.formula = "kW of the servers x mean draw x PUE x hours; x carbon dioxide of a kWh";
  LineInputs line;
  std::vector<IslandPower> islands;
  for (const FleetIsland& i : fleet.islands) islands.push_back(add_power(i, inputs, line));
  const std::size_t years = line.add(years_input(fleet, inputs));
  const std::size_t draw = line.add(inputs.price("factor.gpu-draw"));
  const std::size_t pue = line.add(inputs.price("factor.pue"));
  const std::size_t carbon = line.add(carbon_input(report.scenario, inputs));
  e.inputs = std::move(line.indices);
  e.absent = std::move(line.absent);
  e.energy_mwh = [=, islands = std::move(islands)](CostSample v) {
    double kw = 0;
    for (const IslandPower& power : islands) kw += power.kw(v);
    return kw * v[draw] * v[pue] * v[years] * hours_per_year / 1000;
  };
  e.co2_t = [mwh = e.energy_mwh, carbon](CostSample v) { return mwh(v) * v[carbon] / 1000; };
  return e;
}

CostScope fleet_scope(const Report& report, CostInputs& inputs) {
  CostScope scope;
  scope.id = "fleet";
  const auto& cost = report.scenario.cost;
  if (!cost || !cost->fleet) {
    scope.title = "the fleet";
    scope.absent = "the scenario has no [fleet]";
    return scope;
  }
  const FleetSettings& fleet = *cost->fleet;
  scope.title = fmt::format("the fleet, bought and run for {:g} years", fleet.years);
  for (const FleetIsland& i : fleet.islands) scope.lines.push_back(servers_line(i, inputs));
  for (const CostLine& line : scope.lines) {
    if (!line.absent.empty() && scope.absent.empty()) scope.absent = line.absent;
  }
  for (const FleetIsland& i : fleet.islands) scope.lines.push_back(network_line(i, inputs));
  scope.lines.push_back(storage_line(scope.lines, inputs));
  for (const FleetIsland& i : fleet.islands) {
    scope.lines.push_back(electricity_line(fleet, i, inputs));
  }
  for (const FleetIsland& i : fleet.islands) scope.lines.push_back(space_line(fleet, i, inputs));
  scope.lines.push_back(staff_line());
  scope.groups = {group_of("servers", {"servers"}),
                  group_of("capital", {"servers", "network", "storage"}),
                  group_of("operation", {"electricity", "space", "staff"})};
  return scope;
}

}  // namespace fleetwright
