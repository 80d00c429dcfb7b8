#include <QJsonObject>

#include "gui/models/pages.hpp"
#include "gui/models/quantity_text.hpp"
#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

constexpr const char* rank_parts[][2] = {{"compute_s", "computation"},
                                         {"exposed_communication_s", "communication"},
                                         {"bubble_s", "bubble"},
                                         {"optimizer_s", "optimizer"}};
constexpr const char* pass_parts[] = {"forward",       "backward",  "weight_gradient", "overlapped",
                                      "gradient_sync", "optimizer", "bubble"};

// All ranks where they were simulated, else the busiest.
ChartData rank_chart(const Report& r) {
  ChartData chart;
  chart.kind = ChartKind::stacked_columns;
  chart.title = words("Step of each pipeline rank");
  chart.value_title = words("seconds");
  chart.category_title = words("pipeline rank");
  const QJsonArray ranks = r.array("ranks");
  for (const auto& [part, name] : rank_parts) {
    ChartSeries series{words(name), {}, {}, false};
    for (const QJsonValue rank : ranks) series.values.push_back(rank[part].toDouble());
    if (ranks.isEmpty()) series.values.push_back(r.number(QString("step.") + part).value_or(0));
    chart.series.push_back(series);
  }
  for (const QJsonValue rank : ranks) chart.categories << QString::number(rank["rank"].toInt());
  if (ranks.isEmpty()) chart.categories << r.text("step.critical_rank");
  return chart;
}

ChartData bound_chart(const QJsonArray& bounds) {
  ChartData chart;
  chart.title = words("What the critical path spends most time in");
  chart.value_title = words("share of the step, %");
  ChartSeries series{words("share"), {}, {}, false};
  for (const QJsonValue bound : bounds) {
    chart.categories << bound["what"].toString();
    series.values.push_back(100 * bound["share"].toDouble());
  }
  chart.series.push_back(series);
  return chart;
}

}  // namespace

PageContent time_content(const Run& run) {
  const Report& r = run.report;
  PageContent content;
  if (r.empty()) return content;
  const double step = r.number("step.time_s").value_or(0);
  const QString busiest = r.text("step.critical_rank");
  content.answer =
      words(
          "A step of %1 tokens takes <b>%2</b>. The busiest rank, %3, computes %4 of it, waits "
          "for exposed communication %5 and idles in the bubble %6.")
          .arg(prefixed(r.number("step.tokens").value_or(0)), seconds_text(step), busiest,
               percent(r.number("step.compute_s").value_or(0) / step),
               percent(r.number("step.exposed_communication_s").value_or(0) / step),
               percent(r.number("step.bubble_s").value_or(0) / step));
  content.charts.push_back(rank_chart(r));
  if (const QJsonArray bounds = r.array("step.bound_by"); !bounds.isEmpty()) {
    content.charts.push_back(bound_chart(bounds));
  }
  content.table.columns = {words("Part"), words("Busiest rank"), words("Of the step"),
                           words("Mean of ranks"), words("Of the step")};
  for (const char* part : pass_parts) {
    const double critical = r.number(QString("step.critical_rank_parts_s.") + part).value_or(0);
    const double mean = r.number(QString("step.parts_s.") + part).value_or(0);
    content.table.rows.push_back(
        {cell(label_of(QString("step.parts_s.") + part).remove(words(", mean of ranks"))),
         cell(seconds_text(critical), critical), cell(percent(critical / step), critical / step),
         cell(seconds_text(mean), mean), cell(percent(mean / step), mean / step)});
  }
  return content;
}

}  // namespace fleetwright::gui
