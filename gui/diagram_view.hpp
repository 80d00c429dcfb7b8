#pragma once

#include <QWidget>

#include "gui/models/content.hpp"

namespace fleetwright::gui {

/// Draws boxes and lines into a rectangle, in the colours of the palette.
void paint_diagram(QPainter& painter, const QRectF& room, const DiagramData& data,
                   const QPalette& palette);

/// A drawing that fills its widget.
class DiagramView : public QWidget {
  Q_OBJECT

 public:
  explicit DiagramView(QWidget* parent = nullptr);

  void set(DiagramData drawing);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  DiagramData data_;
};

}  // namespace fleetwright::gui
