#pragma once

#include <QScrollArea>
#include <map>
#include <vector>

#include "gui/models/program_message.hpp"
#include "gui/models/setting.hpp"

class QToolButton;

namespace fleetwright::gui {

class ElidedLabel;
class RegistryLists;

/// A field for each setting of a scenario, as `fleetwright show` tells them: defaults grey with
/// where they come from, and choices where the program knows the names.
class ScenarioForm : public QScrollArea {
  Q_OBJECT

 public:
  explicit ScenarioForm(const RegistryLists& lists, QWidget* parent = nullptr);

  void show_settings(const std::vector<Setting>& settings);
  /// Marks the field at `path`, with what the program says about it; empty unmarks all.
  void show_error(const QString& path, const QString& text);
  void clear_errors();
  /// Fields whose choices came later are made anew.
  void rebuild();
  [[nodiscard]] QWidget* field(const QString& path) const;

 signals:
  /// A field was changed; `value` is TOML.
  void edited(const QString& path, const QString& value);
  /// The setting shall have its default again.
  void reset(const QString& path);

 private:
  struct Row {
    Setting setting;
    QWidget* field = nullptr;
    ElidedLabel* origin = nullptr;
    QToolButton* reset = nullptr;
  };

  QWidget* make_field(const Setting& setting);
  void fill(Row& row, const Setting& setting);
  void emit_change(const QString& path, const QString& shown);

  const RegistryLists& lists_;
  std::vector<Setting> settings_;
  std::map<QString, Row> rows_;
};

/// The TOML for what was typed into a field that held `before`: quoted where that was, or where it
/// is no number, truth value or array.
[[nodiscard]] QString toml_of(const QString& typed, const QString& before);

}  // namespace fleetwright::gui
