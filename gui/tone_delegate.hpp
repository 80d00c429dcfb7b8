#pragma once

#include <QPainter>
#include <QStyledItemDelegate>

#include "gui/models/table_model.hpp"
#include "gui/theme.hpp"

namespace fleetwright::gui {

/// Cells with the colour of their tone behind the text.
class ToneDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override {
    const auto tone = static_cast<Tone>(index.data(tone_role).toInt());
    if (tone != Tone::plain) {
      painter->fillRect(option.rect, option.palette.base());
      painter->fillRect(option.rect.adjusted(1, 1, -1, -1), tone_colour(tone));
    }
    QStyledItemDelegate::paint(painter, option, index);
  }

 protected:
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
    QStyledItemDelegate::initStyleOption(option, index);
    // Stripes would be painted over the colour.
    if (index.data(tone_role).toInt() != 0) option->features &= ~QStyleOptionViewItem::Alternate;
  }
};

}  // namespace fleetwright::gui
