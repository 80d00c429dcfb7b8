#pragma once

#include <QString>
#include <map>
#include <optional>

namespace fleetwright::gui {

/// A change of a text: `length` characters from `position` on become `text`.
struct TextEdit {
  qsizetype position = 0;
  qsizetype length = 0;
  QString text;
};

// Changes of single settings in a TOML document that leave its comments and layout as they are.
// A path is as in `fleetwright show`: "training.tokens", "phase[1].name", "seed".

/// Where the value of a setting stands; nothing where the document does not set it.
[[nodiscard]] std::optional<TextEdit> find_value(const QString& text, const QString& path);

/// All values that the document sets, by path.
[[nodiscard]] std::map<QString, QString> values_in(const QString& text);

/// Sets it to `value`, written as TOML: replaces its value, or adds a line to its table, or the
/// table.
[[nodiscard]] TextEdit set_value(const QString& text, const QString& path, const QString& value);

/// Takes the line of a setting out, so that it has its default; nothing where it has no line.
[[nodiscard]] std::optional<TextEdit> remove_value(const QString& text, const QString& path);

/// The line of a setting, from 1; 0 where the document does not set it.
[[nodiscard]] int line_of(const QString& text, const QString& path);

/// The setting whose value stands on that line, and of several in braces the one at that column,
/// from 1; empty where there is none.
[[nodiscard]] QString path_at(const QString& text, int line, int column);

}  // namespace fleetwright::gui
