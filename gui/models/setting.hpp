#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

namespace fleetwright::gui {

/// What may be written for a setting, as the program says with `fleetwright show`: the form knows
/// no limit of its own.
struct AllowedValues {
  QString type;  // "text", "choice", "boolean", "integer", "number", "quantity", "list"
  std::optional<double> minimum;
  std::optional<double> maximum;
  std::optional<double> more_than;
  QStringList choices;  // all there are; of a text, names among other things
  QString example;

  [[nodiscard]] bool is_number() const;
  /// "a whole number from 1 to 65,536"; empty where there is nothing to say.
  [[nodiscard]] QString in_words() const;
  /// What is wrong with a text that someone types; empty where it may be right. Only the program
  /// knows whether it is.
  [[nodiscard]] QString complaint(const QString& typed) const;
  bool operator==(const AllowedValues&) const = default;
};

/// A setting of a scenario as `fleetwright show` has it: its value as TOML, and where that is from.
struct Setting {
  QString path;   // "phase[0].tokens"
  QString value;  // "\"14.8 T tokens\"", "16"; empty where it has none
  QString origin;
  AllowedValues allowed = {};

  [[nodiscard]] QString table() const;
  [[nodiscard]] QString key() const;
  /// Written in the scenario itself; all others are defaults.
  [[nodiscard]] bool written() const { return origin == QLatin1String("scenario"); }
  bool operator==(const Setting&) const = default;
};

/// A number of TOML: underscores may stand between digits.
[[nodiscard]] std::optional<double> number_of(const QString& typed);

/// Reads `fleetwright show --format json`; nothing where it is no such document.
[[nodiscard]] std::vector<Setting> read_settings(const QByteArray& json);

}  // namespace fleetwright::gui
