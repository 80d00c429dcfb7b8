#pragma once

#include <QWidget>

#include "gui/models/content.hpp"

class QPainter;

namespace fleetwright::gui {

/// One page of the window: a picture, and the table it is drawn from. Both can be exported.
class Page : public QWidget {
  Q_OBJECT

 public:
  using QWidget::QWidget;

  /// Draws the picture of the page, without its table, into a rectangle of that size.
  virtual void paint_picture(QPainter& painter, const QSize& size) = 0;
  /// The size that suits the picture.
  [[nodiscard]] virtual QSize picture_size() const = 0;
  /// What the page's table holds; without rows where it has none.
  [[nodiscard]] virtual TableData table() const = 0;
  /// The sentence above the picture, without markup.
  [[nodiscard]] virtual QString answer_text() const { return {}; }
  /// The palette has changed.
  virtual void restyle() {}
};

}  // namespace fleetwright::gui
