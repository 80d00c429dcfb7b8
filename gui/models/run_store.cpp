#include "gui/models/run_store.hpp"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QUuid>

#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

constexpr auto schema = "fleetwright.gui-run/1";

QJsonObject to_json(const Run& run) {
  QJsonArray settings;
  for (const Setting& s : run.settings) settings.append(QJsonArray{s.path, s.value, s.origin});
  return {{"schema", schema},
          {"name", run.name},
          {"origin", run.origin},
          {"text", run.text},
          {"mode", run.mode == RunMode::simulate ? "simulate" : "estimate"},
          {"seconds", run.seconds},
          {"settings", settings},
          {"report", run.report.document()},
          {"cost", run.cost.document()},
          {"cost_problem", run.cost_problem}};
}

std::unique_ptr<Run> from_json(const QJsonObject& json) {
  if (json["schema"] != schema || json["report"].toObject().isEmpty()) return nullptr;
  auto run = std::make_unique<Run>();
  run->name = json["name"].toString();
  run->origin = json["origin"].toString();
  run->text = json["text"].toString();
  run->mode = json["mode"] == "estimate" ? RunMode::estimate : RunMode::simulate;
  run->state = RunState::done;
  run->seconds = json["seconds"].toDouble();
  for (const QJsonValue s : json["settings"].toArray()) {
    run->settings.push_back({s[0].toString(), s[1].toString(), s[2].toString()});
  }
  run->report = Report(json["report"].toObject());
  run->cost = Report(json["cost"].toObject());
  run->cost_problem = json["cost_problem"].toString();
  return run;
}

}  // namespace

RunStore::RunStore(QString folder, int most) : folder_(std::move(folder)), most_(most) {}

QStringList RunStore::files() const {
  // Names begin with the time, so that their order is that of the runs.
  return QDir(folder_).entryList({"*.run.json"}, QDir::Files, QDir::Name);
}

bool RunStore::keep(Run& run, QString& error) {
  const QDir folder(folder_);
  folder.mkpath(".");
  if (run.kept_as.isEmpty()) {
    run.kept_as = QStringLiteral("%1-%2.run.json")
                      .arg(QDateTime::currentMSecsSinceEpoch(), 14, 10, QLatin1Char('0'))
                      .arg(QUuid::createUuid().toString(QUuid::Id128).left(8));
  }
  QSaveFile file(folder.filePath(run.kept_as));
  const QByteArray bytes = QJsonDocument(to_json(run)).toJson(QJsonDocument::Compact);
  if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
    error = words("The run will not be there after a restart: ") + file.fileName() + ": " +
            file.errorString();
    return false;
  }
  QStringList all = files();
  while (all.size() > most_) QFile::remove(folder.filePath(all.takeFirst()));
  return true;
}

void RunStore::forget(const Run& run) {
  if (!run.kept_as.isEmpty()) QFile::remove(QDir(folder_).filePath(run.kept_as));
}

std::vector<std::unique_ptr<Run>> RunStore::load() const {
  std::vector<std::unique_ptr<Run>> runs;
  const QStringList all = files();
  for (const QString& name : all.mid(std::max<qsizetype>(0, all.size() - most_))) {
    QFile file(QDir(folder_).filePath(name));
    if (!file.open(QIODevice::ReadOnly)) continue;
    auto run = from_json(QJsonDocument::fromJson(file.readAll()).object());
    if (run == nullptr) continue;
    run->kept_as = name;
    run->id = static_cast<int>(runs.size()) + 1;
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace fleetwright::gui
