#pragma once

#include <QStyledItemDelegate>

namespace fleetwright::gui {

/// Items of a list with some room above and below.
class RoomyDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option,
                               const QModelIndex& index) const override {
    return QStyledItemDelegate::sizeHint(option, index) + QSize(0, 10);
  }
};

}  // namespace fleetwright::gui
