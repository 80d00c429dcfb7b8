#pragma once

#include <QPlainTextEdit>
#include <vector>

#include "gui/models/program_message.hpp"

namespace fleetwright::gui {

/// A text editor with line numbers, in which the program's complaints are underlined.
class CodeEditor : public QPlainTextEdit {
  Q_OBJECT

 public:
  explicit CodeEditor(QWidget* parent = nullptr);

  void show_messages(const std::vector<ProgramMessage>& messages);
  /// Puts the cursor there; both count from 1.
  void go_to(int line, int column = 1);
  /// Called by the margin.
  void paint_margin(QPaintEvent* event);
  [[nodiscard]] int margin_width() const;

 protected:
  bool event(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void update_marks();
  [[nodiscard]] const ProgramMessage* message_at(int line) const;

  QWidget* margin_;
  std::vector<ProgramMessage> messages_;
};

}  // namespace fleetwright::gui
