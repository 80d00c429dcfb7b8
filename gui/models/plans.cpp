#include "gui/models/plans.hpp"

#include <QJsonObject>

#include "gui/models/quantity_text.hpp"
#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

// Those that a search chooses; others of a plan are the scenario's own.
constexpr const char* chosen_keys[] = {"tp",        "pp",         "vpp",
                                       "ep",        "etp",        "cp",
                                       "dp",        "zero_stage", "sequence_parallel",
                                       "recompute", "schedule",   "micro_batch"};

QString toml(const QJsonValue& value) {
  if (value.isBool()) return value.toBool() ? "true" : "false";
  if (value.isDouble()) return QString::number(value.toInteger());
  return '"' + value.toString() + '"';
}

QString name_of(const Report& plan) {
  QString name = plan.text("strategy.schedule");
  for (const char* key : {"tp", "pp", "vpp", "cp", "dp", "ep"}) {
    const auto value = plan.number(QString("strategy.") + key);
    if (value && *value > 1) name += QStringLiteral(" %1 %2").arg(key).arg(*value);
  }
  return name + words(", ZeRO %1, recomputes: %2")
                    .arg(plan.text("strategy.zero_stage"), plan.text("strategy.recompute"));
}

}  // namespace

PageContent plans_content(const Report& plans) {
  PageContent content;
  const QJsonArray all = plans.array("plans");
  if (all.isEmpty()) return content;
  const bool priced = Report(all[0].toObject()).number("cost.rental_usd.p50").has_value();
  const QString price = priced ? "cost.rental_usd.p50" : "run.total_gpu_hours";
  ChartData chart;
  chart.kind = ChartKind::scatter;
  chart.title = priced ? words("Plans: days against rent") : words("Plans: days against GPU-hours");
  chart.category_title = words("days");
  chart.value_title = priced ? words("million $") : words("million GPU-hours");
  ChartSeries points{words("plan"), {}, {}, false};
  content.table.columns << words("Strategy") << words("GPUs") << words("Step") << words("Duration")
                        << (priced ? words("Rent") : words("GPU-hours")) << words("MFU")
                        << words("Memory");
  const QStringList paths{"step.time_s", "run.days", price, "step.mfu", "memory.peak_bytes"};
  for (const QJsonValue entry : all) {
    const Report plan(entry.toObject());
    const double accelerators = plan.number("cluster.accelerators").value_or(0);
    std::vector<Cell> row{cell(name_of(plan)),
                          cell(value_text("cluster.accelerators", accelerators), accelerators)};
    for (const QString& path : paths) {
      const double value = plan.number(path).value_or(0);
      row.push_back(cell(value_text(path, value), value));
    }
    content.table.rows.push_back(std::move(row));
    points.points.emplace_back(plan.number("run.days").value_or(0),
                               plan.number(price).value_or(0) / 1e6);
  }
  chart.series.push_back(std::move(points));
  content.charts.push_back(std::move(chart));
  content.answer = words("Of %1 strategies, %2 fit in memory. Best: <b>%3</b>, %4 a step and %5.")
                       .arg(prefixed(plans.number("searched.evaluated").value_or(0)),
                            prefixed(plans.number("searched.feasible").value_or(0)),
                            content.table.rows[0][0].text, content.table.rows[0][2].text,
                            content.table.rows[0][3].text);
  return content;
}

std::vector<std::pair<QString, QString>> strategy_of_plan(const Report& plans, int n) {
  std::vector<std::pair<QString, QString>> settings;
  const QJsonObject strategy = plans.array("plans").at(n).toObject()["strategy"].toObject();
  for (const char* key : chosen_keys) {
    if (strategy.contains(key))
      settings.emplace_back(QString("strategy.") + key, toml(strategy[key]));
  }
  return settings;
}

}  // namespace fleetwright::gui
