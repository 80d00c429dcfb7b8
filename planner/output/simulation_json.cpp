#include "planner/output/simulation_json.hpp"

#include <nlohmann/json.hpp>

#include "planner/output/json_number.hpp"

namespace fleetwright {
namespace {

using Json = nlohmann::ordered_json;

constexpr JsonNumber<Json> number{};

Json seconds(Seconds time) { return number(time.si()); }

Json steps_json(const StepTimes& steps) {
  Json each = Json::array();
  for (const Seconds step : steps.each) each.push_back(seconds(step));
  return {{"count", steps.each.size()},
          {"mean_s", seconds(steps.mean)},
          {"deviation_s", seconds(steps.deviation)},
          {"least_s", seconds(steps.least)},
          {"p10_s", seconds(steps.p10)},
          {"p50_s", seconds(steps.p50)},
          {"p90_s", seconds(steps.p90)},
          {"most_s", seconds(steps.most)},
          {"times_s", each}};
}

Json columns_json(const SimulationReport& simulation) {
  Json columns = Json::array();
  for (const ColumnReport& c : simulation.simulated) {
    columns.push_back({{"column", c.column},
                       {"stands_for", c.stands_for},
                       {"first_gpu", c.first_gpu},
                       {"passes_end_s", seconds(c.passes_end)},
                       {"kernels_s", seconds(c.kernels)}});
  }
  return columns;
}

Json ranks_json(const Report& report) {
  const SimulationReport& simulation = *report.simulation;
  Json ranks = Json::array();
  for (std::size_t rank = 0; rank < report.step.ranks.size(); ++rank) {
    const RankTime& t = report.step.ranks[rank];
    const int gpu = static_cast<int>(rank) * simulation.stage_gpus +
                    simulation.recorded_column * simulation.gpus_per_column;
    ranks.push_back({{"rank", rank},
                     {"gpu", gpu},
                     {"compute_s", seconds(t.compute)},
                     {"exposed_communication_s", seconds(t.exposed_communication)},
                     {"bubble_s", seconds(t.bubble)},
                     {"optimizer_s", seconds(t.optimizer)}});
  }
  return ranks;
}

}  // namespace

std::string simulation_json(const Report& report) {
  const SimulationReport& s = *report.simulation;
  const Json simulation = {
      {"granularity", to_string(s.granularity)}, {"columns", s.columns},
      {"columns_simulated", s.simulated.size()}, {"gpus_per_column_and_stage", s.gpus_per_column},
      {"recorded_column", s.recorded_column},    {"steps", steps_json(s.steps)},
      {"latest_columns", columns_json(s)},       {"notes", s.notes}};
  return Json{{"simulation", simulation}, {"ranks", ranks_json(report)}}.dump();
}

}  // namespace fleetwright
