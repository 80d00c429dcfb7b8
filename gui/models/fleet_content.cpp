#include "gui/models/fleet_content.hpp"

#include <QJsonArray>
#include <QJsonObject>
#include <algorithm>

#include "gui/models/quantity_text.hpp"
#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

// More boxes beside each other than this are too narrow for their words.
constexpr int most_beside = 4;

QString setting(const Run& run, const QString& path) {
  for (const Setting& s : run.settings) {
    if (s.path == path) return QString(s.value).remove('"').remove('_');
  }
  return {};
}

// As written in the scenario: "cluster" and each "cluster.island[n]".
QStringList island_tables(const Run& run) {
  QStringList tables{"cluster"};
  for (int i = 0; !setting(run, QString("cluster.island[%1].accelerator").arg(i)).isEmpty(); ++i) {
    tables << QString("cluster.island[%1]").arg(i);
  }
  return tables;
}

QString layers_text(const QJsonArray& layers) {
  int sum = 0;
  for (const QJsonValue n : layers) sum += n.toInt();
  return QString::number(sum);
}

QStringList placed_lines(const QJsonObject& island, bool pipeline) {
  const int first = island["first_rank"].toInt();
  const int ranks = island["ranks"].toInt();
  QStringList lines{
      island["name"].toString(),
      words("%1 of %2 %3")
          .arg(four_digits(island["used"].toDouble()),
               four_digits(island["accelerators"].toDouble()), island["accelerator"].toString())};
  if (pipeline && ranks > 0) {
    lines << words("pipeline ranks %1 to %2, %3 layers")
                 .arg(first)
                 .arg(first + ranks - 1)
                 .arg(layers_text(island["layers"].toArray()));
  } else {
    lines << words("%1 sequences of a batch").arg(four_digits(island["sequences"].toDouble()));
  }
  lines << words("%1, %2 idle")
               .arg(island["precision"].toString(), percent(island["idle"].toDouble()));
  const double peak = island["peak_memory_bytes"].toDouble();
  const double capacity = island["capacity_bytes"].toDouble();
  if (capacity > 0) lines << words("%1 of %2").arg(bytes_text(peak), bytes_text(capacity));
  return lines;
}

// Boxes in rows of most_beside, from `top` on; how many rows they took.
int lay_out(DiagramData& drawing, std::vector<DiagramBox> boxes, double top, double height) {
  const auto count = static_cast<int>(boxes.size());
  const int beside = std::min(count, most_beside);
  for (int i = 0; i < count; ++i) {
    DiagramBox& box = boxes[static_cast<std::size_t>(i)];
    const double width = drawing.columns / beside;
    box.left = width * (i % beside) + 0.08 * width;
    box.width = 0.84 * width;
    box.top = top + height * (i / beside);
    box.height = height * (count > beside ? 0.86 : 0.95);
    drawing.boxes.push_back(box);
  }
  return beside == 0 ? 0 : (count + beside - 1) / beside;
}

DiagramData placed_islands(const Report& plan) {
  DiagramData drawing;
  const bool pipeline = plan.text("cluster.mode") == "pipeline";
  drawing.title = pipeline ? words("The best plan over all islands: one pipeline")
                           : words("The best plan over all islands: a replica on each");
  drawing.columns = 4;
  std::vector<DiagramBox> boxes;
  const QJsonArray islands = plan.array("cluster.islands");
  for (const QJsonValue island : islands) {
    const double idle = island["idle"].toDouble();
    boxes.push_back({placed_lines(island.toObject(), pipeline), 0, 0, 1, 1,
                     idle > 0.4 ? Tone::careful : Tone::good, false});
  }
  drawing.rows = lay_out(drawing, std::move(boxes), 0.1, 1.8) * 1.8 + 0.2;
  for (const QJsonValue link : plan.array("cluster.island_links")) {
    DiagramLine line;
    for (qsizetype i = 0; i < islands.size(); ++i) {
      if (islands[i]["name"] == link["between"][0]) line.from = static_cast<int>(i);
      if (islands[i]["name"] == link["between"][1]) line.to = static_cast<int>(i);
    }
    line.label = four_digits(link["bandwidth_bytes_per_s"].toDouble() / 1e9) + "\nGB/s";
    drawing.lines.push_back(line);
  }
  return drawing;
}

DiagramData written_islands(const Run& run) {
  DiagramData drawing;
  const QStringList tables = island_tables(run);
  drawing.title = tables.size() > 1 ? words("Islands, not placed yet") : words("The cluster");
  drawing.columns = 4;
  std::vector<DiagramBox> boxes;
  for (const QString& table : tables) {
    const QString accelerator = setting(run, table + ".accelerator");
    const QString name = setting(run, table + ".name");
    boxes.push_back(
        {{name.isEmpty() ? accelerator : name,
          words("%1 × %2").arg(four_digits(setting(run, table + ".accelerators").toDouble()),
                               accelerator),
          words("%1 a node, %2 × %3")
              .arg(setting(run, table + ".gpus_per_node"), setting(run, table + ".nics_per_node"),
                   setting(run, table + ".nic")),
          setting(run, table + ".topology")},
         0,
         0,
         1,
         1,
         Tone::plain,
         false});
  }
  drawing.rows = lay_out(drawing, std::move(boxes), 0.1, 1.4) * 1.4 + 0.2;
  return drawing;
}

// What the fleet of the bill buys, and whether that was allowed on the day.
void add_purchases(const Run& run, DiagramData& drawing) {
  std::vector<DiagramBox> boxes;
  int n = 0;
  for (const QJsonValue scope : run.cost.array("scopes")) {
    for (const QJsonValue buy : scope["procurement"].toArray()) {
      const QString count = setting(run, QString("fleet.island[%1].accelerators").arg(n++));
      const bool free = buy["verdict"].toString() == "free";
      const QString accelerator = buy["accelerator"].toString();
      const QString verdict = buy["verdict"].toString();
      boxes.push_back(
          {{count.isEmpty() ? accelerator
                            : words("%1 × %2").arg(four_digits(count.toDouble()), accelerator),
            words("for %1, on %2").arg(buy["destination"].toString(), buy["bought"].toString()),
            free ? words("free to sell")
                 : words("%1: %2").arg(verdict == "denial" ? words("refused") : verdict,
                                       buy["clause"].toString())},
           0,
           0,
           1,
           1,
           free ? Tone::good : Tone::bad,
           false});
    }
  }
  if (boxes.empty()) return;
  // The run's one cluster is beside them no more than a sentence.
  if (drawing.boxes.size() == 1) {
    drawing.boxes.clear();
    drawing.rows = 0.1;
  }
  drawing.title = words("What the fleet bought, and whether that was free to sell");
  drawing.rows += lay_out(drawing, std::move(boxes), drawing.rows, 1.1) * 1.1;
}

Report best_mixed(const Report& plans) {
  for (const QJsonValue plan : plans.array("plans")) {
    if (plan["cluster"]["islands"].toArray().size() > 1) return Report(plan.toObject());
  }
  return {};
}

QString islands_answer(const FleetQuestion& question, bool several) {
  QStringList notes;
  for (const QJsonValue note : question.plans.array("notes")) {
    notes << note.toString().toHtmlEscaped();
  }
  if (!notes.isEmpty()) return notes.join("; ") + ".<br>";
  if (several && question.plans.empty()) {
    return words(
        "Several islands: <b>search for plans</b> to see whether one job should span "
        "them, and where its ranks go.<br>");
  }
  return {};
}

}  // namespace

QStringList accelerators_of(const Run& run) {
  QStringList all;
  for (const Setting& s : run.settings) {
    if (s.key() == "accelerator" && !s.value.isEmpty()) all << QString(s.value).remove('"');
  }
  all.removeDuplicates();
  return all;
}

PageContent fleet_content(const FleetQuestion& question) {
  PageContent content;
  QStringList own;
  if (question.run != nullptr && question.run->state == RunState::done) {
    own = accelerators_of(*question.run);
    const Report mixed = best_mixed(question.plans);
    content.answer = islands_answer(question, island_tables(*question.run).size() > 1);
    if (!mixed.empty()) {
      content.diagram = placed_islands(mixed);
    } else if (!setting(*question.run, "cluster.accelerator").isEmpty()) {
      DiagramData written = written_islands(*question.run);
      // One cluster is a sentence.
      if (written.boxes.size() == 1) {
        content.answer += words("One cluster: %1. ").arg(written.boxes[0].lines.mid(1).join(", "));
      }
      add_purchases(*question.run, written);
      if (written.boxes.size() > 1) content.diagram = std::move(written);
    }
  }
  content.table = calendar_table(question.days, own);
  if (!question.days.empty()) {
    content.answer +=
        words(
            "What the United States let be sold to <b>%1</b>, by day of sale: free, "
            "after notice, by licence, refused%2. No legal advice.")
            .arg(question.destination,
                 own.isEmpty() ? QString() : words("; ▸ marks what the scenario has"));
  }
  return content;
}

}  // namespace fleetwright::gui
