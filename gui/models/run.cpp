#include "gui/models/run.hpp"

#include <QMap>
#include <QStringList>

namespace fleetwright::gui {
namespace {

// Claims and sources are words about the scenario, no inputs.
bool is_input(const Setting& setting) {
  return !setting.path.startsWith("claim[") && setting.key() != "source" &&
         setting.path != "question" && setting.path != "name";
}

QString shown(const QString& value) {
  if (value.isEmpty()) return QStringLiteral("-");
  return QString(value).remove('"');
}

}  // namespace

QStringList differences(const Run& from, const Run& to) {
  QMap<QString, QString> before;
  for (const Setting& s : from.settings) {
    if (is_input(s)) before[s.path] = s.value;
  }
  QStringList different;
  if (from.mode != to.mode) {
    different << (to.mode == RunMode::estimate ? "closed form" : "simulated");
  }
  for (const Setting& s : to.settings) {
    if (!is_input(s)) continue;
    const auto found = before.constFind(s.path);
    const bool missing = found == before.constEnd();
    if (missing && from.of_sweep && !to.of_sweep) continue;
    const QString old = missing ? QString() : *found;
    if (old != s.value) {
      different << QStringLiteral("%1 %2 → %3").arg(s.path, shown(old), shown(s.value));
    }
    before.remove(s.path);
  }
  if (to.of_sweep && !from.of_sweep) return different;
  for (auto gone = before.constBegin(); gone != before.constEnd(); ++gone) {
    if (!gone.value().isEmpty()) {
      different << QStringLiteral("%1 %2 → -").arg(gone.key(), shown(gone.value()));
    }
  }
  return different;
}

}  // namespace fleetwright::gui
