#pragma once

#include <QObject>
#include <QTemporaryDir>
#include <QTimer>
#include <vector>

#include "gui/models/child_process.hpp"
#include "gui/models/program_message.hpp"
#include "gui/models/setting.hpp"

namespace fleetwright::gui {

/// Has the program read a scenario as it is being written: its settings, or what is wrong with it.
class ScenarioCheck : public QObject {
  Q_OBJECT

 public:
  explicit ScenarioCheck(QObject* parent = nullptr);

  /// Checks this text a moment later; only the last of several calls counts.
  void request(const QString& origin, const QString& text);

 signals:
  /// `settings` is empty where the scenario is wrong.
  void checked(const std::vector<fleetwright::gui::Setting>& settings,
               const std::vector<fleetwright::gui::ProgramMessage>& messages);

 private:
  void start();
  void take(const ChildOutcome& outcome);

  QTemporaryDir folder_;
  ChildProcess child_;
  QTimer delay_;
  QString origin_;
  QString text_;
  bool again_ = false;
  int count_ = 0;
};

}  // namespace fleetwright::gui
