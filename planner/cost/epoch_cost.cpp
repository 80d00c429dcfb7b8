#include "planner/cost/epoch_cost.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "models/core/csv_table.hpp"

namespace fleetwright {
namespace {

// Of arXiv 2405.21015: price performance of accelerators grows by 0.14 orders of magnitude a year,
// the network between servers is 19 % of a cluster, GPUs draw three quarters of their power.
constexpr double orders_a_year = 0.14;
constexpr double network_share = 0.19;
constexpr double mean_draw = 0.75;
constexpr double hours_a_year = 8760;

Date day_of(const CsvTable& table, std::size_t row, std::string_view column) {
  const auto date = parse_date(table.text(row, column));
  if (!date) {
    throw ScenarioError(
        {{table.where(row, column), fmt::format("'{}' is no day", table.text(row, column)),
          "write 2024-08-31"}});
  }
  return *date;
}

}  // namespace

double epoch_cost_usd(const EpochRun& run, EpochValue value) {
  double usd = run.price_usd;
  if (value == EpochValue::at_start) {
    usd *= std::pow(10, -orders_a_year * months_between(run.bought, run.started) / 12);
  }
  const double hardware_hour = usd * orders_a_year * std::numbers::ln10 / hours_a_year;
  const double energy_hour = run.power_kw * mean_draw * run.pue * run.electricity_usd_per_kwh;
  return run.chip_hours * (hardware_hour / (1 - network_share) + energy_hour) * run.inflation;
}

std::vector<EpochRun> read_epoch_runs(const std::filesystem::path& file) {
  const CsvTable table = CsvTable::read(file);
  std::vector<EpochRun> runs;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto number = [&](std::string_view column) { return table.required_number(row, column); };
    runs.push_back({table.text(row, "model"), table.text(row, "accelerator"), number("chip_hours"),
                    number("price_usd"), day_of(table, row, "bought"),
                    day_of(table, row, "started"), number("power_kw"), number("pue"),
                    number("electricity_usd_per_kwh"), number("inflation"),
                    number("published_usd")});
  }
  return runs;
}

}  // namespace fleetwright
