#include <QJsonObject>

#include "gui/models/cost_content.hpp"
#include "gui/models/pages.hpp"
#include "gui/models/quantity_text.hpp"
#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

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

// What the run takes in hours and energy, below the bill or in its place.
void add_quantities(const Report& r, TableData& table) {
  const auto row = [&](const QString& name, const QString& text, double value,
                       const QString& basis) {
    table.rows.push_back({cell(name), cell(text, value), cell("-", 0.0), cell("-", 0.0),
                          cell("-", 0.0), cell(basis)});
  };
  for (const QJsonValue phase : r.array("run.phases")) {
    const double value = phase["gpu_hours"].toDouble();
    row(words("GPU-hours, ") + phase["name"].toString(), prefixed(value, "h"), value,
        phase["source"].toString());
  }
  for (const char* path : {"energy.servers_mwh", "energy.facility_mwh", "energy.co2_t",
                           "energy.accelerator_power_w", "energy.node_power_w"}) {
    if (const auto value = r.number(path)) {
      row(label_of(path), value_text(path, *value), *value, words("energy of the run"));
    }
  }
}

QString energy_sentence(const Report& r) {
  const auto energy = r.number("energy.facility_mwh");
  if (!energy) return {};
  QString text = words(" The run uses %1").arg(value_text("energy.facility_mwh", *energy));
  if (const auto carbon = r.number("energy.co2_t")) {
    text += words(" and emits %1 of CO2").arg(value_text("energy.co2_t", *carbon));
  }
  return text + ".";
}

// Without prices there are still hours.
PageContent hours_content(const Run& run) {
  const Report& r = run.report;
  PageContent content;
  const double hours = r.number("run.total_gpu_hours").value_or(0);
  const auto rent = r.number("cost.rental_usd.p50");
  const double usd_per_hour = rent && hours > 0 ? *rent / hours : 0;
  content.answer = rent ? words("Renting %1 of GPU time at $%2 an hour costs <b>%3</b>.")
                              .arg(prefixed(hours, "h"), QString::number(usd_per_hour, 'f', 2),
                                   dollars_text(*rent))
                        : words(
                              "The run takes %1 of GPU time. To see what that costs, give the "
                              "scenario a [price] with rent = \"$2.00 / h\", or a [cost] for "
                              "machines of one's own.")
                              .arg(prefixed(hours, "h"));
  content.answer += energy_sentence(r);
  content.charts.push_back(phases_chart(r.array("run.phases"), usd_per_hour));
  content.table.columns = {words("Item"),     words("Typical"),   words("P50"),
                           words("Low, P10"), words("High, P90"), words("Basis")};
  return content;
}

}  // namespace

PageContent money_content(const Run& run) {
  if (run.report.empty()) return {};
  PageContent content = cost_content(run.cost);
  if (content.empty()) {
    content = hours_content(run);
  } else {
    content.answer += energy_sentence(run.report);
    if (content.charts.empty()) content.charts = hours_content(run).charts;
  }
  if (!run.cost_problem.isEmpty()) {
    content.answer += "<br>" + words("The bill is missing: ") + run.cost_problem.toHtmlEscaped();
  }
  add_quantities(run.report, content.table);
  return content;
}

}  // namespace fleetwright::gui
