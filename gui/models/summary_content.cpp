#include <QJsonObject>
#include <algorithm>
#include <cmath>

#include "gui/models/pages.hpp"
#include "gui/models/quantity_text.hpp"
#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

// What is always told, published or not.
constexpr const char* key_numbers[] = {"step.time_s",
                                       "step.mfu",
                                       "step.model_tflops_per_gpu",
                                       "memory.peak_bytes",
                                       "run.days",
                                       "run.goodput",
                                       "run.total_gpu_hours",
                                       "cost.rental_usd.p50",
                                       "energy.facility_mwh",
                                       "energy.co2_t"};

QString answer_of(const Report& r) {
  const auto told = [&](const char* path) {
    const auto value = r.number(path);
    return value ? value_text(path, *value) : QStringLiteral("-");
  };
  QString answer =
      words("<b>%1</b> on %2 x %3: a step takes <b>%4</b>, the run <b>%5</b> and %6 of GPU time")
          .arg(r.text("model.name"), told("cluster.accelerators"), r.text("cluster.accelerator"),
               told("step.time_s"), told("run.days"), told("run.total_gpu_hours"));
  if (r.number("cost.rental_usd.p50")) {
    answer += words(", rented for <b>%1</b>").arg(told("cost.rental_usd.p50"));
  }
  answer += words(". The fullest rank holds %1 of %2, and GPUs reach %3 of their BF16 peak.")
                .arg(told("memory.peak_bytes"), told("memory.capacity_bytes"), told("step.mfu"));
  const QJsonArray bounds = r.array("step.bound_by");
  if (!bounds.isEmpty()) {
    answer += words(" The critical path is longest in %1 (%2).")
                  .arg(bounds[0]["what"].toString(), percent(bounds[0]["share"].toDouble()));
  }
  return answer;
}

std::vector<Cell> key_row(const QString& path, double value) {
  return {cell(label_of(path)), cell(value_text(path, value), value), cell("-", 0.0),
          cell("-", 0.0), cell(words("not published in this scenario"))};
}

// As many bars as have room for their names; the table has all.
constexpr std::size_t most_bars = 12;

ChartData claims_chart(const QJsonArray& claims) {
  ChartData chart;
  std::vector<QJsonObject> largest;
  for (const QJsonValue claim : claims) {
    if (claim["difference"].isDouble()) largest.push_back(claim.toObject());
  }
  std::ranges::stable_sort(largest, std::ranges::greater(), [](const QJsonObject& claim) {
    return std::abs(claim["difference"].toDouble());
  });
  const bool cut = largest.size() > most_bars;
  if (cut) largest.resize(most_bars);
  chart.title = cut ? words("Predicted against published, the largest differences")
                    : words("Predicted against published");
  chart.value_title = words("predicted / published - 1, %");
  ChartSeries series{words("difference"), {}, {}, false};
  for (const QJsonObject& claim : largest) {
    chart.categories << label_of(claim["quantity"].toString());
    series.values.push_back(100 * claim["difference"].toDouble());
  }
  chart.series.push_back(series);
  return chart;
}

ChartData parts_chart(const Report& r) {
  ChartData chart;
  chart.title = words("Where a step's time goes (busiest rank)");
  chart.value_title = words("seconds");
  ChartSeries series{words("time"), {}, {}, false};
  for (const char* path :
       {"step.compute_s", "step.exposed_communication_s", "step.bubble_s", "step.optimizer_s"}) {
    chart.categories << label_of(path);
    series.values.push_back(r.number(path).value_or(0));
  }
  chart.series.push_back(series);
  return chart;
}

}  // namespace

PageContent summary_content(const Run& run) {
  const Report& r = run.report;
  PageContent content;
  if (r.empty()) return content;
  content.answer = answer_of(r);
  content.table.columns = {words("Quantity"), words("Predicted"), words("Published"),
                           words("Difference"), words("Source")};
  const QJsonArray claims = r.array("claims");
  QStringList claimed;
  for (const QJsonValue claim : claims) {
    const QString path = claim["quantity"].toString();
    claimed << path;
    const double predicted = claim["predicted"].toDouble();
    const double published = claim["published"].toDouble();
    const double difference = claim["difference"].toDouble();
    content.table.rows.push_back(
        {cell(label_of(path)), cell(value_text(path, predicted), predicted),
         cell(value_text(path, published), published), cell(percent(difference, true), difference),
         cell(claim["source"].toString())});
  }
  for (const char* path : key_numbers) {
    const auto value = r.number(path);
    if (value && !claimed.contains(path)) content.table.rows.push_back(key_row(path, *value));
  }
  content.charts.push_back(claims.isEmpty() ? parts_chart(r) : claims_chart(claims));
  return content;
}

}  // namespace fleetwright::gui
