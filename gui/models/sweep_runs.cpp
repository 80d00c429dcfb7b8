#include "gui/models/sweep_runs.hpp"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

// As a scenario would write it.
QString toml(const QJsonValue& value) {
  if (value.isString()) return '"' + value.toString() + '"';
  if (value.isDouble()) return QString::number(value.toDouble(), 'g', 12);
  return QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact))
      .chopped(1)
      .mid(1);
}

}  // namespace

std::vector<std::unique_ptr<Run>> runs_of_sweep(const QByteArray& rows) {
  std::vector<std::unique_ptr<Run>> runs;
  for (const QJsonValue row : QJsonDocument::fromJson(rows).array()) {
    QString error;
    Report report = Report::parse(row["report"].toString().toUtf8(), error);
    if (report.empty()) continue;
    auto run = std::make_unique<Run>();
    run->name = words("%1, case %2").arg(row["sweep"].toString()).arg(row["number"].toInt());
    run->mode = report.array("ranks").isEmpty() ? RunMode::estimate : RunMode::simulate;
    run->state = RunState::done;
    run->of_sweep = true;
    const QJsonObject inputs = QJsonDocument::fromJson(row["inputs"].toString().toUtf8()).object();
    for (auto input = inputs.begin(); input != inputs.end(); ++input) {
      run->settings.push_back({input.key(), toml(input.value()), "sweep"});
    }
    run->report = std::move(report);
    runs.push_back(std::move(run));
  }
  return runs;
}

SweepReader::SweepReader(QObject* parent) : QObject(parent) {
  connect(&child_, &ChildProcess::finished, this, [this](const ChildOutcome& outcome) {
    runs_ = runs_of_sweep(outcome.output);
    QString failure;
    if (!outcome.failure.isEmpty()) {
      failure = outcome.failure + " " + outcome.messages.trimmed();
    } else if (runs_.empty()) {
      failure = words(
          "The store has no case with a result: run the sweep first, with "
          "`fleetwright sweep`.");
    }
    emit finished(file_, failure);
  });
}

void SweepReader::read(const QString& file) {
  if (child_.running()) return;
  file_ = file;
  child_.start(fleetwright_program(),
               {"store", "query", file,
                QStringLiteral("SELECT sweep, number, inputs, report FROM cases WHERE outcome = "
                               "'done' AND sweep_id = (SELECT max(sweep_id) FROM cases) "
                               "ORDER BY number LIMIT %1")
                    .arg(most_cases),
                "--format", "json"});
}

}  // namespace fleetwright::gui
