#pragma once

#include <QScrollArea>

class QLabel;

namespace fleetwright::gui {

/// What a page says while it has nothing to show: in its middle, and scrolled where it is long, so
/// that no message makes the window grow.
class Notice : public QScrollArea {
  Q_OBJECT

 public:
  explicit Notice(QWidget* parent = nullptr);

  /// Plain text. Of very many lines, the first ones and how many are left out.
  void say(const QString& text);

 private:
  QLabel* label_;
};

}  // namespace fleetwright::gui
