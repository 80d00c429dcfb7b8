#pragma once

#include <QByteArray>
#include <QString>
#include <vector>

namespace fleetwright::gui {

/// A setting of a scenario as `fleetwright show` has it: its value as TOML, and where that is from.
struct Setting {
  QString path;   // "phase[0].tokens"
  QString value;  // "\"14.8 T tokens\"", "16"; empty where it has none
  QString origin;

  [[nodiscard]] QString table() const;
  [[nodiscard]] QString key() const;
  /// Written in the scenario itself; all others are defaults.
  [[nodiscard]] bool written() const { return origin == QLatin1String("scenario"); }
  bool operator==(const Setting&) const = default;
};

/// Reads `fleetwright show --format json`; nothing where it is no such document.
[[nodiscard]] std::vector<Setting> read_settings(const QByteArray& json);

}  // namespace fleetwright::gui
