#pragma once

#include <QString>
#include <QStringList>
#include <vector>

namespace fleetwright::gui {

/// A scenario file and the question that it opens with.
struct ScenarioEntry {
  QString file;
  QString name;
  QString question;
};

/// The question of a scenario: its first comment, up to the first empty line of it.
[[nodiscard]] QString question_of(const QString& text);

/// An entry for a file; the question is empty where the file cannot be read.
[[nodiscard]] ScenarioEntry entry_for(const QString& file);

/// The scenarios that come with the program, by name; none where the data folder is missing.
[[nodiscard]] std::vector<ScenarioEntry> shipped_scenarios();

/// A file of the data folder, such as tests/validation/data/published_steps.csv; empty without it.
[[nodiscard]] QString shipped_file(const QString& relative);

/// `file` first, each file once, at most ten.
[[nodiscard]] QStringList with_recent(const QString& file, QStringList recent);

}  // namespace fleetwright::gui
