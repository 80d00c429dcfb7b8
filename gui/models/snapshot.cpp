#include "gui/models/snapshot.hpp"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

// A folder of more than this is no folder of scenarios, and linking it would only take time.
constexpr int most_neighbours = 1000;

void link_neighbours(const QDir& from, const QDir& to, const QString& except) {
  const QFileInfoList all =
      from.entryInfoList(QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
  if (all.size() > most_neighbours) return;
  for (const QFileInfo& entry : all) {
    if (entry.fileName() != except) {
      QFile::link(entry.absoluteFilePath(), to.filePath(entry.fileName()));
    }
  }
}

}  // namespace

QString write_snapshot(const QString& folder, const QString& origin, const QString& text,
                       QString& error) {
  const QFileInfo info(origin);
  QDir().mkpath(folder);
  if (!origin.isEmpty()) link_neighbours(info.absoluteDir(), QDir(folder), info.fileName());
  const QString name = origin.isEmpty() ? QStringLiteral("scenario.toml") : info.fileName();
  QFile file(QDir(folder).filePath(name));
  const QByteArray bytes = text.toUtf8();
  if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(bytes) != bytes.size()) {
    error = words("The scenario could not be handed to the program: ") + file.fileName() + ": " +
            file.errorString();
    return {};
  }
  return file.fileName();
}

}  // namespace fleetwright::gui
