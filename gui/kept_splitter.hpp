#pragma once

#include <QPointer>
#include <QSplitter>

namespace fleetwright::gui {

/// A splitter that knows whether someone has moved it: only then its sizes are worth keeping. Its
/// dividers can be moved by the keyboard too.
class KeptSplitter : public QSplitter {
  Q_OBJECT

 public:
  explicit KeptSplitter(Qt::Orientation orientation, QWidget* parent = nullptr);

  [[nodiscard]] bool moved() const { return moved_; }
  /// Empty where nobody has moved it.
  [[nodiscard]] QByteArray kept() const { return moved_ ? saveState() : QByteArray(); }
  void take_back(const QByteArray& state) {
    if (!state.isEmpty() && restoreState(state)) moved_ = true;
  }

 protected:
  QSplitterHandle* createHandle() override;

 private:
  bool moved_ = false;
};

/// The line between two parts. With the keyboard in it (focus_next_divider), arrows move it, Home
/// and End as far as it goes, and Enter or Escape go back to where the keyboard was before.
class Divider : public QSplitterHandle {
  Q_OBJECT

 public:
  using QSplitterHandle::QSplitterHandle;

  /// Takes the keyboard; `before` gets it back.
  void take_focus(QWidget* before);
  [[nodiscard]] QWidget* before() const { return before_; }

 protected:
  bool event(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  QPointer<QWidget> before_;
};

/// Gives the keyboard to the next divider of a window that is seen, after the one that has it;
/// after the last one, to the first. False where there is none.
bool focus_next_divider(QWidget& window);

}  // namespace fleetwright::gui
