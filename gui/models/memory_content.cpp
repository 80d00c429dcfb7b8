#include <QJsonObject>
#include <algorithm>

#include "gui/models/pages.hpp"
#include "gui/models/quantity_text.hpp"
#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

constexpr double gib = 1024.0 * 1024.0 * 1024.0;
constexpr const char* parts[] = {"weights_bytes", "gradients_bytes", "optimizer_bytes",
                                 "activations_bytes", "buffers_bytes"};
// A line of more points than a wide screen has pixels is no clearer.
constexpr int most_intervals = 400;
// More lines than this cannot be told apart.
constexpr std::size_t most_lines = 4;

ChartData parts_chart(const Report& r) {
  ChartData chart;
  chart.kind = ChartKind::stacked_bars;
  chart.title = words("Memory of the fullest rank");
  chart.value_title = words("GiB");
  chart.categories << words("fullest rank");
  for (const char* part : parts) {
    const QString path = QString("memory.") + part;
    chart.series.push_back({label_of(path), {r.number(path).value_or(0) / gib}, {}, false});
  }
  if (const auto capacity = r.number("memory.capacity_bytes")) {
    chart.limit = *capacity / gib;
    chart.limit_name = words("capacity");
  }
  return chart;
}

// The highest value in each of some hundred stretches of time.
std::vector<QPointF> thinned(const std::vector<QPointF>& samples, double end) {
  std::vector<QPointF> points;
  double high = 0;
  int interval = 0;
  for (const QPointF& sample : samples) {
    const double share = end > 0 ? std::clamp(sample.x() / end, 0.0, 1.0) : 0;
    const int at = static_cast<int>(share * most_intervals);
    if (at != interval) {
      points.emplace_back(interval * end / most_intervals, high / gib);
      interval = at;
      high = 0;
    }
    high = std::max(high, sample.y());
  }
  points.emplace_back(interval * end / most_intervals, high / gib);
  return points;
}

double peak(const Counter& counter) {
  double most = 0;
  for (const QPointF& sample : counter.samples) most = std::max(most, sample.y());
  return most;
}

ChartData over_time_chart(const Trace& trace) {
  ChartData chart;
  chart.kind = ChartKind::lines;
  chart.title = words("Activations over the step");
  chart.category_title = words("seconds");
  chart.value_title = words("GiB");
  // Ranks whose lines are the same share one.
  for (const Counter& counter : trace.memory) {
    std::vector<QPointF> points = thinned(counter.samples, trace.end);
    const auto same = std::ranges::find(chart.series, points, &ChartSeries::points);
    if (same != chart.series.end()) {
      same->name += QStringLiteral(", %1").arg(counter.rank);
    } else if (chart.series.size() < most_lines) {
      const QString name = chart.series.empty() ? words("rank %1") : QStringLiteral("%1");
      chart.series.push_back({name.arg(counter.rank), {}, std::move(points), false});
    }
  }
  return chart;
}

}  // namespace

PageContent memory_content(const Run& run) {
  const Report& r = run.report;
  PageContent content;
  if (r.empty()) return content;
  const double peak_bytes = r.number("memory.peak_bytes").value_or(0);
  const double capacity = r.number("memory.capacity_bytes").value_or(0);
  content.answer =
      words("The fullest rank needs <b>%1</b> of the %2 of an accelerator; %3 are free.")
          .arg(bytes_text(peak_bytes), bytes_text(capacity), bytes_text(capacity - peak_bytes));
  content.charts.push_back(parts_chart(r));
  content.table.columns = {words("Memory"), words("Size"), words("Of the peak"),
                           words("Of the capacity")};
  const auto row = [&](const QString& name, double bytes) {
    content.table.rows.push_back({cell(name), cell(bytes_text(bytes), bytes),
                                  cell(percent(bytes / peak_bytes), bytes / peak_bytes),
                                  cell(percent(bytes / capacity), bytes / capacity)});
  };
  for (const char* part : parts) {
    const QString path = QString("memory.") + part;
    row(label_of(path), r.number(path).value_or(0));
  }
  row(words("Peak of the fullest rank"), peak_bytes);
  if (run.trace && !run.trace->memory.empty()) {
    content.charts.push_back(over_time_chart(*run.trace));
    for (const Counter& counter : run.trace->memory) {
      row(words("Activations of pipeline rank %1, peak").arg(counter.rank), peak(counter));
    }
  }
  return content;
}

}  // namespace fleetwright::gui
