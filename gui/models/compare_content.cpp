#include <algorithm>
#include <cmath>
#include <functional>

#include "gui/models/pages.hpp"
#include "gui/models/quantity_text.hpp"
#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

constexpr const char* compared[] = {"step.time_s",
                                    "step.compute_s",
                                    "step.exposed_communication_s",
                                    "step.bubble_s",
                                    "step.optimizer_s",
                                    "step.mfu",
                                    "memory.peak_bytes",
                                    "run.days",
                                    "run.goodput",
                                    "run.total_gpu_hours",
                                    "cost.rental_usd.p50",
                                    "energy.facility_mwh",
                                    "model.parameters_total",
                                    "cluster.accelerators"};
// Of these the chart shows the change; the rest is in the table.
constexpr std::size_t charted = 12;

// How much longer a step is, and which of its parts make that up, the largest first.
QString explanation(const Report& from, const Report& to) {
  struct Change {
    QString part;
    double seconds = 0;
  };
  std::vector<Change> changes;
  for (const char* part :
       {"step.compute_s", "step.exposed_communication_s", "step.bubble_s", "step.optimizer_s"}) {
    const double change = to.number(part).value_or(0) - from.number(part).value_or(0);
    if (change != 0) changes.push_back({label_of(part).toLower(), change});
  }
  std::ranges::stable_sort(changes, std::greater{},
                           [](const Change& c) { return std::abs(c.seconds); });
  if (changes.empty()) return words("the parts of the step are the same");
  const auto with_sign = [](double s) { return (s > 0 ? "+" : "") + seconds_text(s); };
  QStringList parts;
  for (const Change& c : changes) parts << with_sign(c.seconds) + " " + c.part;
  const double before = from.number("step.time_s").value_or(0);
  const double change = to.number("step.time_s").value_or(0) - before;
  return words("the step changes by %1 (%2): %3, of the busiest rank")
      .arg(with_sign(change), before > 0 ? percent(change / before, true) : "-", parts.join(", "));
}

QString name_of(const Run& run) { return QStringLiteral("#%1 %2").arg(run.id).arg(run.name); }

ChartData change_chart(const std::vector<const Run*>& runs) {
  ChartData chart;
  chart.title = words("Change against %1").arg(name_of(*runs[0]));
  chart.value_title = words("change, %");
  std::vector<QString> paths;
  for (std::size_t i = 0; i < charted; ++i) {
    const bool everywhere = std::ranges::all_of(
        runs, [&](const Run* run) { return run->report.number(compared[i]).value_or(0) != 0; });
    if (!everywhere) continue;
    paths.emplace_back(compared[i]);
    chart.categories << label_of(compared[i]);
  }
  for (std::size_t i = 1; i < runs.size(); ++i) {
    ChartSeries series{name_of(*runs[i]), {}, {}, false};
    for (const QString& path : paths) {
      const double base = *runs[0]->report.number(path);
      series.values.push_back(100 * (*runs[i]->report.number(path) / base - 1));
    }
    chart.series.push_back(series);
  }
  return chart;
}

}  // namespace

PageContent compare_content(const std::vector<const Run*>& runs) {
  PageContent content;
  if (runs.size() < 2) return content;
  content.charts.push_back(change_chart(runs));
  for (std::size_t i = 1; i < runs.size(); ++i) {
    QStringList different = differences(*runs[0], *runs[i]);
    const auto more = different.size() - 6;
    if (more > 0) different = different.mid(0, 6) << words("and %1 more").arg(more);
    content.answer +=
        QStringLiteral("%1<b>%2</b>: %3; %4.")
            .arg(i > 1 ? "<br>" : "", name_of(*runs[i]),
                 different.isEmpty() ? words("the same settings") : different.join(", "),
                 explanation(runs[0]->report, runs[i]->report));
  }
  content.table.columns << words("Quantity") << name_of(*runs[0]);
  for (std::size_t i = 1; i < runs.size(); ++i) {
    content.table.columns << name_of(*runs[i]) << words("Difference");
  }
  for (const char* path : compared) {
    const auto base = runs[0]->report.number(path);
    if (!base) continue;
    std::vector<Cell> row{cell(label_of(path)), cell(value_text(path, *base), *base)};
    for (std::size_t i = 1; i < runs.size(); ++i) {
      const auto value = runs[i]->report.number(path);
      row.push_back(value ? cell(value_text(path, *value), *value) : cell("-", 0.0));
      const bool comparable = value && *base != 0;
      row.push_back(comparable ? cell(percent(*value / *base - 1, true), *value / *base - 1)
                               : cell("-", 0.0));
    }
    content.table.rows.push_back(std::move(row));
  }
  return content;
}

}  // namespace fleetwright::gui
