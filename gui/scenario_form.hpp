#pragma once

#include <QScrollArea>
#include <map>
#include <vector>

#include "gui/models/program_message.hpp"
#include "gui/models/setting.hpp"

class QLineEdit;
class QToolButton;

namespace fleetwright::gui {

class ElidedLabel;

/// A field for each setting of a scenario, as `fleetwright show` tells them: defaults grey with
/// where they come from, choices and limits as the program has them. What is outside of them is
/// marked while it is typed.
class ScenarioForm : public QScrollArea {
  Q_OBJECT

 public:
  explicit ScenarioForm(QWidget* parent = nullptr);

  void show_settings(const std::vector<Setting>& settings);
  /// Shows these values, as they are written; of a text that is wrong, the program tells none.
  void show_written(const std::map<QString, QString>& values);
  /// Marks the field at `path`, with what the program says about it.
  void show_error(const QString& path, const QString& text);
  void clear_errors();
  void rebuild();
  [[nodiscard]] QWidget* field(const QString& path) const;

 signals:
  /// A field was changed; `value` is TOML.
  void edited(const QString& path, const QString& value);
  /// The setting shall have its default again.
  void reset(const QString& path);
  /// The keyboard is in this field now: what may be said about it; empty: in none.
  void met(const QString& about);

 protected:
  /// Undo and redo are the scenario's, but for what is being typed.
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  struct Row {
    Setting setting;
    QString shown;  // what the scenario has, as the field shows it
    QWidget* field = nullptr;
    QLineEdit* line = nullptr;  // of the field, where it can be written into
    ElidedLabel* origin = nullptr;
    QToolButton* reset = nullptr;
  };

  void make_field(Row& row);
  void fill(Row& row, const Setting& setting);
  void show_value(Row& row, const QString& value);
  void mark(Row& row, const QString& complaint);
  void emit_change(const QString& path, const QString& shown);
  void tell_met(const QWidget* focused);
  [[nodiscard]] static QString about(const Setting& setting);

  std::vector<Setting> settings_;
  std::map<QString, Row> rows_;
};

/// The TOML for what was typed into a field that held `before`: quoted where that was, or where it
/// is no number, truth value or array.
[[nodiscard]] QString toml_of(const QString& typed, const QString& before);

}  // namespace fleetwright::gui
