#include <QJsonObject>

#include "gui/models/pages.hpp"
#include "gui/models/quantity_text.hpp"
#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

constexpr const char* scopes[][2] = {{"cost.rental_usd", "Rental of the GPU-hours"},
                                     {"cost.ownership_usd", "Ownership of the machines"},
                                     {"cost.programme_usd", "Programme: trials, staff, data"},
                                     {"cost.fleet_usd", "Fleet"}};

// Each phase stands where the one before ends.
ChartData phases_chart(const QJsonArray& phases, double usd_per_hour) {
  ChartData chart;
  chart.kind = ChartKind::stacked_bars;
  const bool priced = usd_per_hour > 0;
  chart.title = priced ? words("Rent, phase after phase") : words("GPU-hours, phase after phase");
  chart.value_title = priced ? words("million $") : words("million GPU-hours");
  ChartSeries before{words("before"), {}, {}, true};
  ChartSeries phase_values{
      priced ? words("rent of the phase") : words("hours of the phase"), {}, {}, false};
  double sum = 0;
  for (const QJsonValue phase : phases) {
    const double value = phase["gpu_hours"].toDouble() * (priced ? usd_per_hour : 1.0) / 1e6;
    chart.categories << phase["name"].toString();
    before.values.push_back(sum);
    phase_values.values.push_back(value);
    sum += value;
  }
  chart.categories << words("in all");
  before.values.push_back(0);
  phase_values.values.push_back(sum);
  chart.series = {before, phase_values};
  return chart;
}

void add_scopes(const Report& r, PageContent& content) {
  for (const auto& [path, name] : scopes) {
    const auto mid = r.number(QString(path) + ".p50");
    if (!mid) {
      content.table.rows.push_back({cell(words(name)), cell("-", 0.0), cell("-", 0.0),
                                    cell("-", 0.0),
                                    cell(words("the scenario gives no basis for it"))});
      continue;
    }
    const double low = r.number(QString(path) + ".p10").value_or(*mid);
    const double high = r.number(QString(path) + ".p90").value_or(*mid);
    content.table.rows.push_back({cell(words(name)), cell(dollars_text(*mid), *mid),
                                  cell(dollars_text(low), low), cell(dollars_text(high), high),
                                  cell(words("cost, percentiles 10 and 90"))});
  }
}

}  // namespace

PageContent money_content(const Run& run) {
  const Report& r = run.report;
  PageContent content;
  if (r.empty()) return content;
  const double hours = r.number("run.total_gpu_hours").value_or(0);
  const auto rent = r.number("cost.rental_usd.p50");
  const double usd_per_hour = rent && hours > 0 ? *rent / hours : 0;
  content.answer = rent ? words("Renting %1 of GPU time at $%2 an hour costs <b>%3</b>.")
                              .arg(prefixed(hours, "h"), QString::number(usd_per_hour, 'f', 2),
                                   dollars_text(*rent))
                        : words(
                              "The run takes %1 of GPU time. To see what that costs, give the "
                              "scenario a [price] with rent = \"$2.00 / h\".")
                              .arg(prefixed(hours, "h"));
  if (const auto energy = r.number("energy.facility_mwh")) {
    content.answer += words(" It uses %1").arg(value_text("energy.facility_mwh", *energy));
    if (const auto carbon = r.number("energy.co2_t")) {
      content.answer += words(" and emits %1 of CO2").arg(value_text("energy.co2_t", *carbon));
    }
    content.answer += ".";
  }
  const QJsonArray phases = r.array("run.phases");
  content.charts.push_back(phases_chart(phases, usd_per_hour));
  content.table.columns = {words("Item"), words("Amount"), words("Low"), words("High"),
                           words("Basis")};
  add_scopes(r, content);
  for (const QJsonValue phase : phases) {
    const double value = phase["gpu_hours"].toDouble();
    content.table.rows.push_back({cell(words("GPU-hours, ") + phase["name"].toString()),
                                  cell(prefixed(value, "h"), value), cell("-", 0.0), cell("-", 0.0),
                                  cell(phase["source"].toString())});
  }
  for (const char* path : {"energy.servers_mwh", "energy.facility_mwh", "energy.co2_t",
                           "energy.accelerator_power_w", "energy.node_power_w"}) {
    if (const auto value = r.number(path)) {
      content.table.rows.push_back({cell(label_of(path)), cell(value_text(path, *value), *value),
                                    cell("-", 0.0), cell("-", 0.0),
                                    cell(words("energy of the run"))});
    }
  }
  return content;
}

}  // namespace fleetwright::gui
