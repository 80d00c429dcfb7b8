#include "gui/models/network_diagram.hpp"

#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>
#include <algorithm>

#include "gui/models/quantity_text.hpp"
#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

// Links that are busy for a larger share of a step than this are where to look.
constexpr double hot = 0.5;
constexpr double warm = 0.25;

Tone tone_of(double load) {
  return load >= hot ? Tone::bad : load >= warm ? Tone::careful : Tone::good;
}

QString counted(const QJsonObject& object, const char* key) {
  return prefixed(object[key].toDouble());
}

// The fuller direction of a kind of link of an island; without a name there is none.
LinkKind kind_of(const std::vector<LinkKind>& kinds, const QString& island, const QString& part) {
  for (const LinkKind& kind : kinds) {
    const QString name = island.isEmpty() ? part : island + "." + part;
    if (kind.name.startsWith(name + ".")) return kind;
  }
  return {};
}

QString load_text(const LinkKind& kind) {
  return words("%1 GB/s each: load %2 %, %3 % while in use")
      .arg(four_digits(kind.capacity / 1e9), QString::number(100 * kind.mean_load, 'f', 0),
           QString::number(100 * kind.busy_load, 'f', 0));
}

// Node, dots, node; and what they hang on.
void draw_island(const QJsonObject& island, const std::vector<LinkKind>& kinds, bool several,
                 double left, DiagramData& drawing) {
  const int nodes = island["nodes"].toInt();
  const QString name = several ? island["name"].toString() : QString();
  const QJsonObject network = island["network"].toObject();
  const auto top = static_cast<int>(drawing.boxes.size());
  DiagramBox switches{{several ? words("%1: %2").arg(name, island["topology"].toString())
                               : island["topology"].toString(),
                       words("%1 switches").arg(counted(network, "switches")),
                       words("%1 links between them").arg(counted(network, "switch_links"))},
                      left + 0.1,
                      several ? 0.9 : 0.05,
                      2.8,
                      0.95,
                      Tone::plain,
                      false};
  if (const LinkKind inside = kind_of(kinds, name, "leaf"); inside.links > 0) {
    switches.lines << load_text(inside);
    switches.tone = tone_of(inside.mean_load);
  }
  drawing.boxes.push_back(switches);
  const LinkKind nic = kind_of(kinds, name, "nic");
  const LinkKind scale_up = kind_of(kinds, name, "gpu");
  QStringList node_lines{words("%1 × %2").arg(QString::number(island["gpus_per_node"].toInt()),
                                              island["accelerator"].toString()),
                         words("%1 × %2").arg(QString::number(island["nics_per_node"].toInt()),
                                              island["nic"].toString())};
  const auto node = [&](const QString& title, double at, bool dashed) {
    DiagramBox box{QStringList{title} + node_lines,
                   left + at,
                   several ? 2.75 : 2.05,
                   0.92,
                   0.95,
                   Tone::plain,
                   dashed};
    if (scale_up.links > 0 && !dashed) box.tone = tone_of(scale_up.mean_load);
    drawing.boxes.push_back(box);
    const bool labelled = dashed || nodes == 1;
    QString label;
    if (labelled && nic.links > 0) label = words("NICs: ") + load_text(nic);
    drawing.lines.push_back({top, static_cast<int>(drawing.boxes.size()) - 1, label, nic.mean_load,
                             nic.links > 0 ? tone_of(nic.mean_load) : Tone::plain});
  };
  if (nodes == 1) {
    node(words("node 1"), 1.04, false);
  } else {
    node(words("node 1"), 0.02, false);
    node(nodes > 3 ? words("nodes 2 to %1").arg(nodes - 1) : words("node 2"), 1.04, true);
    if (nodes > 2) node(words("node %1").arg(nodes), 2.06, false);
  }
  if (scale_up.links > 0) {
    const double under = several ? 3.74 : 3.04;
    drawing.boxes.push_back({{words("Scale-up links of a GPU"), load_text(scale_up)},
                             left + 0.1,
                             under,
                             2.8,
                             0.6,
                             tone_of(scale_up.mean_load),
                             false});
  }
}

}  // namespace

std::vector<LinkKind> link_kinds(const Report& report) {
  std::vector<LinkKind> kinds;
  static const QRegularExpression numbers("(gpu|nic|leaf|rail|pod|group|spine)\\d+");
  for (const QJsonValue link : report.array("links")) {
    const QString name = link["name"].toString().replace(numbers, "\\1");
    auto kind = std::ranges::find(kinds, name, &LinkKind::name);
    if (kind == kinds.end()) {
      kinds.push_back({name, 0, 0, 0, 0});
      kind = kinds.end() - 1;
    }
    ++kind->links;
    kind->capacity = std::max(kind->capacity, link["capacity_bytes_per_s"].toDouble());
    kind->mean_load = std::max(kind->mean_load, link["mean_load"].toDouble());
    kind->busy_load = std::max(kind->busy_load, link["busy_load"].toDouble());
  }
  std::ranges::stable_sort(kinds, std::ranges::greater(), &LinkKind::mean_load);
  return kinds;
}

DiagramData network_diagram(const Report& report) {
  DiagramData drawing;
  drawing.title = words("Network; load below 25 % green, to 50 % orange, above red");
  const QJsonArray islands = report.array("cluster.islands");
  const bool several = islands.size() > 1;
  const std::vector<LinkKind> kinds = link_kinds(report);
  drawing.columns = 3 * static_cast<double>(std::max<qsizetype>(1, islands.size()));
  drawing.rows = several ? 4.4 : 3.7;
  for (qsizetype i = 0; i < islands.size(); ++i) {
    const auto first = static_cast<int>(drawing.boxes.size());
    draw_island(islands[i].toObject(), kinds, several, 3.0 * static_cast<double>(i), drawing);
    if (several) {
      if (i == 0) {
        const QJsonObject between = report.array("cluster.island_links").at(0).toObject();
        drawing.boxes.insert(
            drawing.boxes.begin(),
            DiagramBox{{words("Between the islands"),
                        four_digits(between["bandwidth_bytes_per_s"].toDouble() / 1e9) + " GB/s"},
                       0.1,
                       0,
                       drawing.columns - 0.2,
                       0.6,
                       Tone::plain,
                       false});
        for (DiagramLine& line : drawing.lines) {
          ++line.from;
          ++line.to;
        }
      }
      drawing.lines.push_back({0, std::max(first, 1), {}, 0, Tone::plain});
    }
  }
  return drawing;
}

}  // namespace fleetwright::gui
