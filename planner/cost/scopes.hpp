#pragma once

#include "planner/cost/cost_inputs.hpp"
#include "planner/report.hpp"

namespace fleetwright {

constexpr double hours_per_year = 8766.0;  // of 365.25 days
constexpr double months_per_year = 12;
constexpr double gpus_of_price = 8;  // servers are priced by eight accelerators

// The four scopes of cost. Each adds its inputs to `inputs`; a scope without basis says why.

/// GPU-hours at the rent of the scenario.
[[nodiscard]] CostScope rented_scope(const Report& report, CostInputs& inputs);

/// The same hours of machines of one's own: their share of servers, network and storage, and the
/// electricity and space they take.
[[nodiscard]] CostScope owned_scope(const Report& report, CostInputs& inputs);

/// All that leads to the final run, on machines that cost what `owned` says.
[[nodiscard]] CostScope programme_scope(const Report& report, const CostScope& owned,
                                        CostInputs& inputs);

/// Everything that [fleet] buys, and what it takes to run it for years.
[[nodiscard]] CostScope fleet_scope(const Report& report, CostInputs& inputs);

/// The scopes of a service: "serving" (a day), "million-tokens", "revenue" (a day).
[[nodiscard]] std::vector<CostScope> serving_scopes(const Report& report,
                                                    const ServingSettings& serving,
                                                    CostInputs& inputs);

/// Of the run's hours, at the facility's PUE and the grid of the scenario or of [cost].regions.
[[nodiscard]] Emissions owned_emissions(const Report& report, CostInputs& inputs);

/// Of all islands over the years of [fleet].
[[nodiscard]] Emissions fleet_emissions(const Report& report, const FleetSettings& fleet,
                                        CostInputs& inputs);

/// Carbon dioxide of a kWh: power.carbon_g_per_kwh, else by [cost].regions.
[[nodiscard]] InputOrNot carbon_input(const Scenario& scenario, CostInputs& inputs);

/// The owned run's electricity in every country whose price and mix are known on the day of [cost].
/// Empty where the run's energy is not known.
[[nodiscard]] std::vector<Elsewhere> run_elsewhere(const Report& report, const CostReport& cost);

/// What export rules said of each island on the day it was bought.
[[nodiscard]] std::vector<FleetProcurement> procurement_of(const FleetSettings& fleet);

/// Predicted hours of the accelerator, and how far the prediction may be off.
struct RunHours {
  std::size_t hours = 0;
  std::size_t error = 0;  // measured over predicted
};

/// Adds them to a line.
[[nodiscard]] RunHours add_run_hours(const Report& report, CostInputs& inputs, LineInputs& line);

[[nodiscard]] CostLine cost_line(const std::string& name, const std::string& group,
                                 std::string formula, LineInputs inputs, CostAmount amount);

/// Totals of a scope of several groups.
[[nodiscard]] CostGroup group_of(const std::string& name, std::vector<std::string> groups);

/// Electric power of a server over that of its accelerators, by their architecture: a factor.
[[nodiscard]] std::string server_power_item(const Accelerator& accelerator);

}  // namespace fleetwright
