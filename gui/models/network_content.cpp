#include <QJsonObject>
#include <algorithm>
#include <vector>

#include "gui/models/network_diagram.hpp"
#include "gui/models/pages.hpp"
#include "gui/models/quantity_text.hpp"
#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

// Bars of more links than this are too thin to read; the table has them all.
constexpr std::size_t most_bars = 8;

std::vector<QJsonObject> by_busy_time(const QJsonArray& links) {
  std::vector<QJsonObject> sorted;
  for (const QJsonValue link : links) sorted.push_back(link.toObject());
  std::ranges::stable_sort(sorted, std::ranges::greater(),
                           [](const QJsonObject& link) { return link["mean_load"].toDouble(); });
  return sorted;
}

ChartData load_chart(const std::vector<QJsonObject>& links) {
  ChartData chart;
  chart.title = words("Links by load, fullest first");
  chart.value_title = words("% of capacity");
  ChartSeries mean{words("mean over the step"), {}, {}, false};
  ChartSeries busy{words("while in use"), {}, {}, false};
  for (std::size_t i = 0; i < std::min(most_bars, links.size()); ++i) {
    chart.categories << links[i]["name"].toString();
    mean.values.push_back(100 * links[i]["mean_load"].toDouble());
    busy.values.push_back(100 * links[i]["busy_load"].toDouble());
  }
  chart.series = {mean, busy};
  return chart;
}

QString shape_of(const Report& r) {
  const QJsonObject island = r.array("cluster.islands").at(0).toObject();
  const QJsonObject network = island["network"].toObject();
  return words(
             "%1 nodes of %2 accelerators and %3 x %4 in a %5: %6 switches, %7 links between "
             "them, %8 transceivers.")
      .arg(QString::number(island["nodes"].toInt()),
           QString::number(island["gpus_per_node"].toInt()),
           QString::number(island["nics_per_node"].toInt()), island["nic"].toString(),
           island["topology"].toString(), QString::number(network["switches"].toInt()),
           QString::number(network["switch_links"].toInt()),
           QString::number(network["transceivers"].toInt()));
}

}  // namespace

PageContent network_content(const Run& run) {
  const Report& r = run.report;
  PageContent content;
  if (r.empty()) return content;
  const std::vector<QJsonObject> links = by_busy_time(r.array("links"));
  content.answer = shape_of(r);
  if (!r.array("cluster.islands").isEmpty()) content.diagram = network_diagram(r);
  if (links.empty()) {
    content.answer +=
        words(" The closed form knows no load of single links: simulate the scenario.");
    return content;
  }
  content.answer +=
      words(" Hot spot: <b>%1</b>, busy for %2 of a step.")
          .arg(links[0]["name"].toString(), seconds_text(links[0]["busy_s"].toDouble()));
  content.charts.push_back(load_chart(links));
  content.table.columns = {words("Link"), words("Capacity"),  words("Bytes in a step"),
                           words("Busy"), words("Mean load"), words("Load while in use")};
  for (const QJsonObject& link : links) {
    const auto entry = [&](const char* key) {
      return cell(value_text(key, link[key].toDouble()), link[key].toDouble());
    };
    const double capacity = link["capacity_bytes_per_s"].toDouble();
    content.table.rows.push_back(
        {cell(link["name"].toString()), cell(four_digits(capacity / 1e9) + " GB/s", capacity),
         entry("bytes"), entry("busy_s"), entry("mean_load"), entry("busy_load")});
  }
  return content;
}

}  // namespace fleetwright::gui
