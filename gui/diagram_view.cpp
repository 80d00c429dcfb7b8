#include "gui/diagram_view.hpp"

#include <QApplication>
#include <QPainter>
#include <algorithm>

#include "gui/theme.hpp"

namespace fleetwright::gui {
namespace {

constexpr double margin = 6;

class Sketch {
 public:
  Sketch(QPainter& painter, const QRectF& room, const DiagramData& data, const QPalette& palette)
      : painter_(painter), data_(data), palette_(palette) {
    font_ = QApplication::font();
    const QFontMetricsF metrics(font_);
    title_ = QRectF(room.left(), room.top(), room.width(), metrics.height() + 2 * margin);
    field_ = QRectF(room.left() + margin, title_.bottom(), room.width() - 2 * margin,
                    room.height() - title_.height() - margin);
  }

  void draw() {
    painter_.save();
    painter_.setRenderHint(QPainter::Antialiasing);
    QFont bold = font_;
    bold.setBold(true);
    painter_.setFont(bold);
    painter_.setPen(palette_.color(QPalette::Text));
    painter_.drawText(title_, Qt::AlignCenter, data_.title);
    for (const DiagramLine& line : data_.lines) stroke(line);
    for (const DiagramBox& box : data_.boxes) fill(box);
    for (const DiagramLine& line : data_.lines) write_label(line);
    painter_.restore();
  }

 private:
  [[nodiscard]] QRectF place(const DiagramBox& box) const {
    const double across = field_.width() / data_.columns;
    const double down = field_.height() / data_.rows;
    return {field_.left() + box.left * across, field_.top() + box.top * down, box.width * across,
            box.height * down};
  }

  // Upright where one box lies over the other, else from centre to centre; ends at the borders.
  [[nodiscard]] QLineF course(const DiagramLine& line) const {
    QRectF a = place(data_.boxes[static_cast<std::size_t>(line.from)]);
    QRectF b = place(data_.boxes[static_cast<std::size_t>(line.to)]);
    if (a.top() > b.top()) std::swap(a, b);
    if (a.bottom() <= b.top()) {
      const double left = std::max(a.left(), b.left());
      const double right = std::min(a.right(), b.right());
      if (left < right) {
        const double x = (left + right) / 2;
        return {x, a.bottom(), x, b.top()};
      }
      return {a.center().x(), a.bottom(), b.center().x(), b.top()};
    }
    if (a.left() > b.left()) std::swap(a, b);
    return {a.right(), a.center().y(), b.left(), b.center().y()};
  }

  void stroke(const DiagramLine& line) {
    QColor colour = palette_.color(QPalette::Text);
    colour.setAlpha(120);
    if (line.tone != Tone::plain) {
      colour = tone_colour(line.tone);
      colour.setAlpha(255);
    }
    painter_.setPen(QPen(colour, 1.5 + 5 * std::clamp(line.load, 0.0, 1.0)));
    painter_.drawLine(course(line));
  }

  void write_label(const DiagramLine& line) {
    if (line.label.isEmpty()) return;
    painter_.setFont(font_);
    const QFontMetricsF metrics(font_);
    const QPointF middle = course(line).center();
    QRectF box = metrics.boundingRect(QRectF(0, 0, field_.width() * 0.6, field_.height()),
                                      Qt::AlignCenter | Qt::TextWordWrap, line.label);
    box = QRectF(0, 0, box.width() + 8, box.height());
    box.moveCenter(middle);
    box.moveLeft(std::clamp(box.left(), field_.left(),
                            std::max(field_.left(), field_.right() - box.width())));
    painter_.fillRect(box, palette_.base());
    painter_.setPen(palette_.color(QPalette::Text));
    painter_.drawText(box, Qt::AlignCenter | Qt::TextWordWrap, line.label);
  }

  void fill(const DiagramBox& box) {
    const QRectF at = place(box);
    QColor border = palette_.color(QPalette::Text);
    border.setAlpha(150);
    painter_.setPen(QPen(border, 1, box.dashed ? Qt::DashLine : Qt::SolidLine));
    painter_.setBrush(palette_.alternateBase());
    painter_.drawRoundedRect(at, 5, 5);
    if (box.tone != Tone::plain) {
      painter_.setBrush(tone_colour(box.tone));
      painter_.drawRoundedRect(at, 5, 5);
    }
    write(box, at.adjusted(4, 2, -4, -2));
  }

  void write(const DiagramBox& box, const QRectF& room) {
    if (box.lines.isEmpty()) return;
    const double height = QFontMetricsF(font_).height();
    // Lines that find no room are left out from below; the table has all.
    const auto count = std::min<qsizetype>(
        box.lines.size(), std::max<qsizetype>(1, static_cast<qsizetype>(room.height() / height)));
    double top = room.center().y() - static_cast<double>(count) * height / 2;
    painter_.setPen(palette_.color(QPalette::Text));
    for (qsizetype i = 0; i < count; ++i) {
      QFont font = font_;
      font.setBold(i == 0);
      painter_.setFont(font);
      const QString text =
          QFontMetricsF(font).elidedText(box.lines[i], Qt::ElideRight, room.width());
      painter_.drawText(QRectF(room.left(), top, room.width(), height), Qt::AlignCenter, text);
      top += height;
    }
  }

  QPainter& painter_;
  const DiagramData& data_;
  const QPalette& palette_;
  QFont font_;
  QRectF title_;
  QRectF field_;
};

}  // namespace

void paint_diagram(QPainter& painter, const QRectF& room, const DiagramData& data,
                   const QPalette& palette) {
  Sketch(painter, room, data, palette).draw();
}

DiagramView::DiagramView(QWidget* parent) : QWidget(parent) {
  setMinimumSize(260, 140);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  hide();
}

void DiagramView::set(DiagramData drawing) {
  data_ = std::move(drawing);
  QStringList said{data_.title};
  for (const DiagramBox& box : data_.boxes) said << box.lines.join(", ");
  for (const DiagramLine& line : data_.lines) {
    if (!line.label.isEmpty()) said << line.label;
  }
  setAccessibleName(data_.title);
  setAccessibleDescription(said.join("; "));
  setToolTip(said.mid(1).join("\n"));
  update();
}

void DiagramView::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  painter.fillRect(rect(), palette().base());
  paint_diagram(painter, rect(), data_, palette());
}

}  // namespace fleetwright::gui
