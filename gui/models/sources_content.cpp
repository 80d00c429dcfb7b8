#include <QJsonObject>
#include <map>

#include "gui/models/pages.hpp"
#include "gui/models/words.hpp"

namespace fleetwright::gui {

PageContent sources_content(const Run& run) {
  PageContent content;
  const QJsonArray entries = run.report.array("provenance");
  if (entries.isEmpty()) return content;
  content.table.columns = {words("Quantity"), words("Kind"), words("Source")};
  std::map<QString, double> kinds{
      {"measured", 0}, {"published", 0}, {"datasheet", 0}, {"assumed", 0}};
  for (const QJsonValue entry : entries) {
    kinds[entry["kind"].toString()] += 1;
    content.table.rows.push_back({cell(entry["quantity"].toString()),
                                  cell(entry["kind"].toString()),
                                  cell(entry["source"].toString())});
  }
  ChartData chart;
  chart.title = words("What the prediction rests on");
  chart.value_title = words("numbers");
  ChartSeries series{words("numbers"), {}, {}, false};
  for (const char* kind : {"measured", "published", "datasheet", "assumed"}) {
    chart.categories << kind;
    series.values.push_back(kinds[kind]);
  }
  chart.series.push_back(series);
  content.charts.push_back(chart);
  content.answer = words(
                       "The prediction rests on <b>%1</b> numbers: %2 measured by this project, %3 "
                       "published, %4 "
                       "from datasheets, %5 assumed.")
                       .arg(entries.size())
                       .arg(kinds["measured"])
                       .arg(kinds["published"])
                       .arg(kinds["datasheet"])
                       .arg(kinds["assumed"]);
  return content;
}

}  // namespace fleetwright::gui
