#include "gui/models/setting.hpp"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <cmath>

#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

// "65,536", "0.1", "1e12".
QString bound_text(double bound) {
  constexpr double most_written_out = 1e9;
  if (std::abs(bound) < most_written_out && bound == std::floor(bound)) {
    return QLocale::c().toString(static_cast<qlonglong>(bound));
  }
  return QString::number(bound, 'g', 6).remove("+");
}

std::optional<double> bound_in(const QJsonObject& row, const char* key) {
  if (!row[QLatin1String(key)].isDouble()) return std::nullopt;
  return row[QLatin1String(key)].toDouble();
}

AllowedValues read_allowed(const QJsonObject& row) {
  AllowedValues allowed;
  allowed.type = row["type"].toString();
  allowed.minimum = bound_in(row, "minimum");
  allowed.maximum = bound_in(row, "maximum");
  allowed.more_than = bound_in(row, "more_than");
  for (const QJsonValue name : row["choices"].toArray()) allowed.choices << name.toString();
  allowed.example = row["example"].toString();
  return allowed;
}

}  // namespace

bool AllowedValues::is_number() const { return type == "integer" || type == "number"; }

QString AllowedValues::in_words() const {
  const QString low = minimum ? bound_text(*minimum) : QString();
  const QString high = maximum ? bound_text(*maximum) : QString();
  if (type == "integer") return words("a whole number from %1 to %2").arg(low, high);
  if (type == "number") return words("a number from %1 to %2").arg(low, high);
  if (type == "list") {
    return minimum ? words("a list of numbers from %1 to %2 in brackets").arg(low, high)
                   : words("a list in brackets");
  }
  if (type == "quantity") {
    return words("more than %1, with its unit, as in %2").arg(bound_text(*more_than), example);
  }
  if (type == "choice") return words("one of %1").arg(choices.size());
  if (!choices.isEmpty()) {
    return words("one of %1, or something like %2").arg(choices.size()).arg(example);
  }
  return example.isEmpty() ? QString() : words("as in %1").arg(example);
}

QString AllowedValues::complaint(const QString& typed) const {
  if (typed.isEmpty()) return {};  // the default again
  const std::optional<double> number = number_of(typed);
  if (type == "quantity" && number) return words("the unit is missing: %1").arg(in_words());
  if (!is_number()) return {};
  bool whole = true;
  if (type == "integer") (void)QString(typed).remove('_').toLongLong(&whole);
  if (!number || !whole) return words("it must be %1").arg(in_words());
  if ((minimum && *number < *minimum) || (maximum && *number > *maximum)) {
    return words("%1 is not %2").arg(typed, in_words());
  }
  return {};
}

std::optional<double> number_of(const QString& typed) {
  bool good = false;
  const double number = QString(typed).remove('_').toDouble(&good);
  return good && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

QString Setting::table() const {
  const auto dot = path.lastIndexOf('.');
  return dot < 0 ? QString() : path.left(dot);
}

QString Setting::key() const { return path.mid(path.lastIndexOf('.') + 1); }

std::vector<Setting> read_settings(const QByteArray& json) {
  std::vector<Setting> settings;
  for (const QJsonValue value : QJsonDocument::fromJson(json).array()) {
    const QJsonObject row = value.toObject();
    settings.push_back({row["setting"].toString(), row["value"].toString(),
                        row["origin"].toString(), read_allowed(row)});
  }
  return settings;
}

}  // namespace fleetwright::gui
