#include "planner/island_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fleetwright {
namespace {

constexpr double seconds_per_hour = 3600.0;
constexpr double seconds_per_day = 86400.0;

std::optional<Sourced<UsdPerSecond>> rent_of(const Scenario& s, const std::string& island) {
  if (island == s.cluster_name) return s.rent;
  const auto at = std::ranges::find(s.islands, island, &ScenarioIsland::name);
  return at == s.islands.end() ? std::nullopt : at->rent;
}

// Of all failures of the run, those that its parts cause.
void add_failures(const RunReport& run, int index, IslandReport& island) {
  if (!run.reliability) return;
  Hertz rate;
  for (const StopCause& stop : run.reliability->stops) {
    if (stop.island == index && !stop.planned) rate += stop.rate;
  }
  const Hertz all = run.reliability->failure_rate();
  island.failures_per_day = rate.si() * seconds_per_day;
  island.failures_expected = all.si() > 0 ? *run.estimate.failures_expected * (rate / all) : 0.0;
}

// The owned run of an island, as if its part of the hours were a run of its own: with its servers,
// its own network and its energy.
std::optional<double> owned_usd(const Report& report, const IslandPart& part,
                                const IslandReport& island, double hours_each) {
  if (!report.scenario.cost) return std::nullopt;
  Report of_island;
  of_island.scenario = report.scenario;
  Scenario& s = of_island.scenario;
  s.placement.reset();
  s.setup = part.setup;
  s.setup.cluster.gpus = island.use.used;
  s.rent.reset();
  s.claims.clear();
  s.cost->samples = 1;  // typical values alone
  s.cost->claims.clear();
  s.cost->programme.reset();
  s.cost->fleet.reset();
  s.cost->serving.reset();
  of_island.total_gpu_hours = hours_each * island.use.used;
  of_island.energy = island.energy;
  const CostReport cost = cost_report(of_island);
  const CostScope& owned = cost.scope("owned");
  if (!owned.known()) return std::nullopt;
  return owned.typical;
}

void add(const EnergyReport& of_island, EnergyReport& all) {
  all.servers += of_island.servers;
  all.facility_mwh += of_island.facility_mwh;
  if (of_island.step) all.step = all.step.value_or(Joules{}) + *of_island.step;
  if (of_island.co2_t) all.co2_t = all.co2_t.value_or(0) + *of_island.co2_t;
}

}  // namespace

std::vector<IslandReport> island_reports(const IslandJob& job, const IslandEstimate& estimate) {
  std::vector<IslandReport> islands;
  for (std::size_t i = 0; i < job.parts.size(); ++i) {
    const StepSetup& setup = job.parts[i].setup;
    const IslandUse& use = estimate.islands[i];
    const auto first = estimate.step.memory.begin() + use.first_rank;
    islands.push_back(
        {use.name, setup.cluster.accelerator.id, setup.cluster.gpus, use, setup.job.strategy,
         setup.job.precision.name, setup.stack.id,
         std::max_element(first, first + use.ranks,
                          [](const auto& a, const auto& b) { return a.peak() < b.peak(); })
             ->peak(),
         setup.cluster.accelerator.memory_capacity.value});
  }
  return islands;
}

void add_island_money_and_energy(Report& report) {
  const Scenario& s = report.scenario;
  const double hours_each = report.total_gpu_hours / accelerators_of(s);
  const double others_each =
      (report.total_gpu_hours - report.phases.front().gpu_hours) / accelerators_of(s);
  std::optional<double> rental{0.0};
  std::optional<EnergyReport> energy{EnergyReport{}};
  for (std::size_t i = 0; i < report.islands.size(); ++i) {
    IslandReport& island = report.islands[i];
    const IslandPart& part = s.placement->parts[i];
    add_failures(report.run, static_cast<int>(i), island);
    island.energy = energy_report(s,
                                  {part.setup.cluster.accelerator, island.use.used,
                                   island.use.phases, others_each * island.use.used},
                                  report.step.time, report.run.estimate);
    if (!island.energy) energy.reset();
    if (energy) add(*island.energy, *energy);
    island.owned_usd = owned_usd(report, part, island, hours_each);
    const auto rent = rent_of(s, island.name);
    if (!rent) {
      rental.reset();
      continue;
    }
    island.rental_usd = rent->value.si() * island.use.used * hours_each * seconds_per_hour;
    if (rental) *rental += *island.rental_usd;
    report.provenance.push_back({fmt::format("rent of {}", island.name), rent->provenance});
  }
  report.rental_usd = rental;
  report.energy = std::move(energy);
}

}  // namespace fleetwright
