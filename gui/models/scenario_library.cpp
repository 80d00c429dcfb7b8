#include "gui/models/scenario_library.hpp"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "models/core/data_files.hpp"
#include "models/core/error.hpp"

namespace fleetwright::gui {
namespace {

constexpr int most_recent = 10;

}  // namespace

QString question_of(const QString& text) {
  QStringList lines;
  for (const QString& line : text.split('\n')) {
    if (!line.startsWith('#')) break;
    const QString comment = line.mid(1).trimmed();
    if (comment.isEmpty()) {
      if (lines.isEmpty()) continue;
      break;
    }
    lines << comment;
  }
  return lines.join(' ');
}

ScenarioEntry entry_for(const QString& file) {
  ScenarioEntry entry{file, QFileInfo(file).completeBaseName(), {}};
  QFile source(file);
  if (source.open(QIODevice::ReadOnly)) {
    entry.question = question_of(QString::fromUtf8(source.readAll()));
  }
  return entry;
}

QString shipped_file(const QString& relative) {
  try {
    return QString::fromStdString(data_file(relative.toStdString()).string());
  } catch (const Error&) {
    return {};
  }
}

std::vector<ScenarioEntry> shipped_scenarios() {
  std::vector<ScenarioEntry> entries;
  const QString folder = shipped_file("scenarios");
  if (folder.isEmpty()) return entries;
  for (const QFileInfo& file : QDir(folder).entryInfoList({"*.toml"}, QDir::Files, QDir::Name)) {
    entries.push_back(entry_for(file.absoluteFilePath()));
  }
  return entries;
}

QStringList with_recent(const QString& file, QStringList recent) {
  recent.removeAll(file);
  recent.prepend(file);
  return recent.mid(0, most_recent);
}

}  // namespace fleetwright::gui
