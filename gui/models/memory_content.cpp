#include <QJsonArray>
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

// The footprint of each pipeline rank; of the fullest alone in reports of programs that told no
// more.
QJsonArray footprints(const Report& r) {
  QJsonArray ranks = r.array("memory.ranks");
  if (ranks.isEmpty()) ranks.append(r.at("memory"));
  return ranks;
}

QString name_of(const QJsonValue& footprint) {
  return footprint["rank"].isDouble() ? QString::number(footprint["rank"].toInt())
                                      : words("fullest");
}

ChartData ranks_chart(const QJsonArray& ranks) {
  ChartData chart;
  chart.kind = ChartKind::stacked_columns;
  chart.title = words("Memory of an accelerator of each pipeline rank");
  chart.value_title = words("GiB");
  chart.category_title = words("pipeline rank");
  for (const char* part : parts) {
    ChartSeries series{label_of(QString("memory.") + part), {}, {}, false};
    for (const QJsonValue rank : ranks) series.values.push_back(rank[part].toDouble() / gib);
    chart.series.push_back(series);
  }
  for (const QJsonValue rank : ranks) {
    chart.categories << name_of(rank);
    chart.limits.push_back(rank["capacity_bytes"].toDouble() / gib);
  }
  chart.limit_name = words("Capacity");
  return chart;
}

TableData ranks_table(const QJsonArray& ranks) {
  TableData table;
  table.columns << words("Pipeline rank");
  for (const char* part : parts) table.columns << label_of(QString("memory.") + part);
  table.columns << words("Peak") << words("Of the capacity") << words("Free");
  for (const QJsonValue rank : ranks) {
    std::vector<Cell> row{rank["rank"].isDouble() ? cell(name_of(rank), rank["rank"].toDouble())
                                                  : cell(name_of(rank))};
    const auto add = [&](double bytes) { row.push_back(cell(bytes_text(bytes), bytes)); };
    for (const char* part : parts) add(rank[part].toDouble());
    const double peak = rank["peak_bytes"].toDouble();
    const double capacity = rank["capacity_bytes"].toDouble();
    add(peak);
    row.push_back(cell(percent(peak / capacity), peak / capacity));
    add(capacity - peak);
    table.rows.push_back(std::move(row));
  }
  return table;
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
    } else {
      const QString name = chart.series.empty() ? words("rank %1") : QStringLiteral("%1");
      chart.series.push_back({name.arg(counter.rank), {}, std::move(points), false});
    }
  }
  // Of more, some from the first rank to the last.
  if (const std::size_t all = chart.series.size(); all > most_lines) {
    for (std::size_t i = 1; i < most_lines; ++i) {
      chart.series[i] = chart.series[i * (all - 1) / (most_lines - 1)];
    }
    chart.series.resize(most_lines);
  }
  return chart;
}

}  // namespace

PageContent memory_content(const Run& run) {
  const Report& r = run.report;
  PageContent content;
  if (r.empty()) return content;
  const QJsonArray ranks = footprints(r);
  const double peak = r.number("memory.peak_bytes").value_or(0);
  const double capacity = r.number("memory.capacity_bytes").value_or(0);
  QString which;
  for (const QJsonValue rank : ranks) {
    if (!which.isEmpty() || !rank["rank"].isDouble()) continue;
    if (rank["peak_bytes"].toDouble() == peak) which = ", " + name_of(rank) + ",";
  }
  content.answer =
      words("The fullest rank%1 needs <b>%2</b> of the %3 of an accelerator; %4 are free.")
          .arg(which, bytes_text(peak), bytes_text(capacity), bytes_text(capacity - peak));
  content.charts.push_back(ranks_chart(ranks));
  content.table = ranks_table(ranks);
  if (run.trace && !run.trace->memory.empty()) {
    content.charts.push_back(over_time_chart(*run.trace));
  }
  return content;
}

}  // namespace fleetwright::gui
