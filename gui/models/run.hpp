#pragma once

#include <QString>
#include <memory>
#include <vector>

#include "gui/models/program_message.hpp"
#include "gui/models/report.hpp"
#include "gui/models/setting.hpp"
#include "gui/models/trace.hpp"

namespace fleetwright::gui {

enum class RunState { queued, running, done, failed, cancelled };

/// How the program is asked: every rank (`simulate`), or the closed form (`estimate`).
enum class RunMode { simulate, estimate };

/// One question put to the program, and what came of it.
struct Run {
  int id = 0;
  QString name;    // of the scenario file, without folder and ending
  QString origin;  // the scenario file; empty for a text that was never saved
  QString text;    // the scenario as it was when it was started
  RunMode mode = RunMode::simulate;
  RunState state = RunState::queued;
  double seconds = 0;
  QString failure;  // one sentence, where it failed
  std::vector<ProgramMessage> messages;
  std::vector<Setting> settings;  // with all defaults
  Report report;
  Report cost;           // `fleetwright cost` of the same text; empty where it has no answer
  QString cost_problem;  // one sentence, where it failed
  std::shared_ptr<const Trace> trace;  // null where there is none
  QString snapshot;                    // the file that the program read
  QString kept_as;        // its file's name in the state folder; empty where it has none
  bool of_sweep = false;  // read from a sweep's store: its settings are those that the sweep moved
};

/// Settings that differ between two runs, in words: "strategy.tp 1 -> 2".
[[nodiscard]] QStringList differences(const Run& from, const Run& to);

}  // namespace fleetwright::gui
