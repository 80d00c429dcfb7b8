#include "gui/models/validation.hpp"

#include <QJsonObject>
#include <QSet>
#include <algorithm>
#include <cmath>

#include "gui/models/quantity_text.hpp"
#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

bool passes(const QJsonObject& entry, const ValidationFilter& filter) {
  return (filter.accelerator.isEmpty() || entry["gpu"].toString() == filter.accelerator) &&
         (filter.framework.isEmpty() || entry["framework"].toString() == filter.framework);
}

QString joined(const QJsonArray& texts) {
  QStringList all;
  for (const QJsonValue text : texts) all << text.toString();
  return all.join("; ");
}

QString summary_text(std::vector<double> errors, std::size_t left_out) {
  if (errors.empty()) return words("No case that was simulated matches the filter.");
  for (double& error : errors) error = std::abs(error);
  std::ranges::sort(errors);
  double sum = 0;
  for (const double error : errors) sum += error;
  const auto count = errors.size();
  const double median = 0.5 * (errors[(count - 1) / 2] + errors[count / 2]);
  QString text =
      words(
          "<b>%1</b> published steps: the error is %2 in the mean, %3 in the median, %4 at worst.")
          .arg(QString::number(count), percent(sum / static_cast<double>(count)), percent(median),
               percent(errors.back()));
  if (left_out > 0) text += words(" %1 could not be compared.").arg(left_out);
  return text;
}

}  // namespace

QStringList values_of(const Report& validation, const QString& field) {
  QSet<QString> values;
  for (const QJsonValue entry : validation.array("cases")) values << entry[field].toString();
  QStringList sorted(values.begin(), values.end());
  sorted.removeAll(QString());
  sorted.sort();
  return sorted;
}

PageContent validation_content(const Report& validation, const ValidationFilter& filter) {
  PageContent content;
  content.table.columns = {words("Case"),      words("GPU"),    words("Measured"),
                           words("Predicted"), words("Error"),  words("Framework"),
                           words("Precision"), words("Source"), words("Assumed")};
  ChartData chart;
  chart.kind = ChartKind::scatter;
  chart.logarithmic = true;
  chart.title = words("Step time, predicted against measured");
  chart.category_title = words("measured, seconds");
  chart.value_title = words("predicted, seconds");
  ChartSeries series{words("case"), {}, {}, false};
  std::vector<double> errors;
  std::size_t left_out = 0;
  for (const QJsonValue value : validation.array("cases")) {
    const QJsonObject entry = value.toObject();
    if (!passes(entry, filter)) continue;
    if (!entry["error"].isDouble()) {
      ++left_out;
      continue;
    }
    const double measured = entry["measured_step_time_s"].toDouble();
    const double predicted = entry["predicted_step_time_s"].toDouble();
    errors.push_back(entry["error"].toDouble());
    series.points.emplace_back(measured, predicted);
    content.table.rows.push_back(
        {cell(entry["id"].toString()), cell(entry["gpu"].toString()),
         cell(seconds_text(measured), measured), cell(seconds_text(predicted), predicted),
         cell(percent(errors.back(), true), errors.back()), cell(entry["framework"].toString()),
         cell(entry["precision"].toString()), cell(entry["source"].toString()),
         cell(joined(entry["assumed"].toArray()))});
  }
  content.answer = summary_text(errors, left_out);
  if (!series.points.empty()) {
    chart.series.push_back(std::move(series));
    content.charts.push_back(std::move(chart));
  }
  return content;
}

}  // namespace fleetwright::gui
