#pragma once

#include <QTimer>
#include <map>

#include "gui/models/draft_store.hpp"
#include "gui/models/scenario_check.hpp"
#include "gui/page.hpp"

class QLabel;
class QListWidget;
class QTextDocument;

namespace fleetwright::gui {

class CodeEditor;
class ScenarioForm;

/// The scenario as text and as a form that follow each other, and what the program says about it.
/// Unsaved changes are kept on disk all the time.
class ScenarioPage : public Page {
  Q_OBJECT

 public:
  explicit ScenarioPage(const QString& draft_folder, QWidget* parent = nullptr);

  /// Shows a file; false, with a sentence in `error`, where it cannot be read.
  bool open(const QString& name, QString& error);
  bool save(QString& error);
  bool save_as(const QString& name, QString& error);

  [[nodiscard]] QString file() const { return file_; }
  [[nodiscard]] QString text() const;
  [[nodiscard]] bool modified() const;
  /// The last complaint of the program; empty where the scenario is good.
  [[nodiscard]] QString problem() const;
  [[nodiscard]] CodeEditor& editor() { return *editor_; }
  [[nodiscard]] ScenarioForm& form() { return *form_; }
  /// Files with changes that are not saved.
  [[nodiscard]] QStringList changed_files() const;
  /// Writes changes to disk now, not a moment later.
  void keep_drafts();

  /// Writes several settings as one edit; paths and TOML.
  void set_values(const std::vector<std::pair<QString, QString>>& settings);
  void show_messages(const std::vector<ProgramMessage>& messages);
  void undo();
  void redo();

  void paint_picture(QPainter& painter, const QSize& size) override;
  [[nodiscard]] QSize picture_size() const override { return size(); }
  [[nodiscard]] TableData table() const override;
  void restyle() override;

 signals:
  void opened(const QString& file);
  void modified_changed(bool modified);
  /// The program has read the text; `good` if nothing is wrong with it.
  void checked(bool good);
  /// Changes of an earlier session are back.
  void draft_restored(const QString& file);
  /// Whether there is something to undo, to redo.
  void history_changed(bool undo, bool redo);

 private:
  QTextDocument* make_document(const QString& text);
  void take_check(const std::vector<Setting>& settings,
                  const std::vector<ProgramMessage>& messages);
  void text_changed();
  QWidget* build_form_side();
  void tell_history();
  void change_text(qsizetype position, qsizetype length, const QString& text);

  DraftStore drafts_;
  ScenarioCheck check_;
  std::map<QString, QTextDocument*> documents_;
  QString file_;
  std::vector<Setting> settings_;
  std::vector<ProgramMessage> messages_;
  CodeEditor* editor_;
  ScenarioForm* form_;
  QListWidget* message_list_;
  QLabel* verdict_;
  QLabel* about_field_;
  QTimer draft_timer_;
};

}  // namespace fleetwright::gui
