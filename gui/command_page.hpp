#pragma once

#include "gui/models/child_process.hpp"
#include "gui/page.hpp"

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace fleetwright::gui {

/// A page whose answer is the program's own text, of a command that is asked on demand. Where the
/// program does not have the command yet, the page says so.
class CommandPage : public Page {
  Q_OBJECT

 public:
  /// `question` is what the command answers; `%1` in `arguments` is the scenario's file.
  CommandPage(const QString& name, const QString& question, const QStringList& arguments,
              QWidget* parent = nullptr);

  void set_scenario(const QString& file);
  void ask();
  [[nodiscard]] bool asking() const { return child_.running(); }
  [[nodiscard]] QString answer() const;

  void paint_picture(QPainter& painter, const QSize& size) override;
  [[nodiscard]] QSize picture_size() const override { return size(); }
  [[nodiscard]] TableData table() const override { return {}; }

 signals:
  void answered();

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void take(const ChildOutcome& outcome);

  QString question_;
  QStringList arguments_;
  QString scenario_;
  bool asked_ = false;
  ChildProcess child_;
  QLabel* head_;
  void say(const QString& text);

  QStackedWidget* stack_;
  QLabel* empty_;
  QPlainTextEdit* text_;
  QPushButton* button_;
};

}  // namespace fleetwright::gui
