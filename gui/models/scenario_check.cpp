#include "gui/models/scenario_check.hpp"

#include <QDir>

#include "gui/models/snapshot.hpp"

namespace fleetwright::gui {
namespace {

// Shorter than the pause after a thought, longer than that between two keys.
constexpr int delay_ms = 250;

}  // namespace

ScenarioCheck::ScenarioCheck(QObject* parent) : QObject(parent) {
  delay_.setSingleShot(true);
  delay_.setInterval(delay_ms);
  connect(&delay_, &QTimer::timeout, this, &ScenarioCheck::start);
  connect(&child_, &ChildProcess::finished, this, &ScenarioCheck::take);
}

void ScenarioCheck::request(const QString& origin, const QString& text) {
  origin_ = origin;
  text_ = text;
  delay_.start();
}

void ScenarioCheck::start() {
  if (child_.running()) {
    again_ = true;
    return;
  }
  QString error;
  const QString folder = QDir(folder_.path()).filePath(QString::number(count_++ % 2));
  QDir(folder).removeRecursively();
  const QString file = write_snapshot(folder, origin_, text_, error);
  if (file.isEmpty()) {
    emit checked({}, {{0, 0, error, {}}});
    return;
  }
  child_.start(fleetwright_program(), {"show", file, "--format", "json"});
}

void ScenarioCheck::take(const ChildOutcome& outcome) {
  if (again_) {
    again_ = false;
    delay_.start();
    return;
  }
  std::vector<ProgramMessage> messages = read_messages(outcome.messages);
  if (!outcome.failure.isEmpty() && messages.empty())
    messages.push_back({0, 0, outcome.failure, {}});
  emit checked(outcome.failure.isEmpty() ? read_settings(outcome.output) : std::vector<Setting>{},
               messages);
}

}  // namespace fleetwright::gui
