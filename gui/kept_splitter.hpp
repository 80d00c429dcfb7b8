#pragma once

#include <QSplitter>

namespace fleetwright::gui {

/// A splitter that knows whether someone has moved it: only then its sizes are worth keeping.
class KeptSplitter : public QSplitter {
  Q_OBJECT

 public:
  explicit KeptSplitter(Qt::Orientation orientation, QWidget* parent = nullptr)
      : QSplitter(orientation, parent) {
    setChildrenCollapsible(false);
    connect(this, &QSplitter::splitterMoved, this, [this] { moved_ = true; });
  }

  [[nodiscard]] bool moved() const { return moved_; }
  /// Empty where nobody has moved it.
  [[nodiscard]] QByteArray kept() const { return moved_ ? saveState() : QByteArray(); }
  void take_back(const QByteArray& state) {
    if (!state.isEmpty() && restoreState(state)) moved_ = true;
  }

 private:
  bool moved_ = false;
};

}  // namespace fleetwright::gui
