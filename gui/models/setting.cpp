#include "gui/models/setting.hpp"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace fleetwright::gui {

QString Setting::table() const {
  const auto dot = path.lastIndexOf('.');
  return dot < 0 ? QString() : path.left(dot);
}

QString Setting::key() const { return path.mid(path.lastIndexOf('.') + 1); }

std::vector<Setting> read_settings(const QByteArray& json) {
  std::vector<Setting> settings;
  for (const QJsonValue row : QJsonDocument::fromJson(json).array()) {
    settings.push_back(
        {row["setting"].toString(), row["value"].toString(), row["origin"].toString()});
  }
  return settings;
}

}  // namespace fleetwright::gui
