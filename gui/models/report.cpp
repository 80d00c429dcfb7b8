#include "gui/models/report.hpp"

#include <QJsonDocument>
#include <QStringList>

#include "gui/models/words.hpp"

namespace fleetwright::gui {

Report Report::parse(const QByteArray& bytes, QString& error) {
  QJsonParseError failure;
  const QJsonDocument json = QJsonDocument::fromJson(bytes, &failure);
  QJsonObject object = json.isArray() ? json.array().at(0).toObject() : json.object();
  if (object.isEmpty()) {
    error =
        words("the program's answer is not a report: ") +
        (failure.error == QJsonParseError::NoError ? words("no object") : failure.errorString());
  }
  return Report(std::move(object));
}

QJsonValue Report::at(const QString& path) const {
  QJsonValue value = document_;
  for (const QString& key : path.split('.')) value = value.toObject().value(key);
  return value;
}

std::optional<double> Report::number(const QString& path) const {
  const QJsonValue value = at(path);
  if (!value.isDouble()) return std::nullopt;
  return value.toDouble();
}

QString Report::text(const QString& path) const {
  const QJsonValue value = at(path);
  if (value.isBool()) return value.toBool() ? "true" : "false";
  if (value.isDouble()) return QString::number(value.toDouble(), 'g', 12);
  return value.toString();
}

}  // namespace fleetwright::gui
