#pragma once

#include <QImage>
#include <QWidget>
#include <memory>
#include <optional>

#include "gui/models/timeline_bins.hpp"
#include "gui/models/trace.hpp"

namespace fleetwright::gui {

/// What a span's colour says.
enum class SpanColour { activity, name, stage, micro_batch };

/// The timeline of a step: a row for each lane of each rank. Wheel and + - zoom, drag and arrows
/// move, Home shows all; a click selects.
class TimelineView : public QWidget {
  Q_OBJECT

 public:
  explicit TimelineView(QWidget* parent = nullptr);

  void set_trace(std::shared_ptr<const Trace> trace);
  void set_colour(SpanColour colour);
  /// Spans whose name does not contain `text` are drawn pale; empty for none.
  void set_search(const QString& text);
  /// Selects the next span that the search finds, or with `back` the one before; false if none.
  bool find_next(bool back);
  /// Selects a span so many further on in its lane, or the one at about the same time so many lanes
  /// below; the first that is seen, where none is selected.
  void step(int along, int lanes);
  void show_all();
  void show_range(double begin, double end);

  [[nodiscard]] double begin() const { return begin_; }
  [[nodiscard]] double end() const { return end_; }
  [[nodiscard]] const Span* selected() const { return selected_; }
  /// What each colour stands for, as rich text.
  [[nodiscard]] QString legend() const;
  /// The same where no colour can be shown beside a name: "blue forward, orange backward".
  [[nodiscard]] QString legend_text() const;
  /// What is told about a span.
  [[nodiscard]] QString text_of(const Lane& lane, const Span& span) const;
  /// Draws the timeline with all its lanes into a rectangle of that size.
  void paint_into(QPainter& painter, const QSize& size);

  [[nodiscard]] QSize sizeHint() const override { return {800, 400}; }

 signals:
  void range_changed();
  void selection_changed(const QString& text);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  /// A colour of series_colour, or the one after them for grey, and what it stands for.
  struct LegendEntry {
    int colour = 0;
    QString name;
  };

  [[nodiscard]] std::vector<LegendEntry> legend_entries() const;
  [[nodiscard]] int name_width() const;
  [[nodiscard]] int axis_height() const;
  [[nodiscard]] double lane_height(int height) const;
  [[nodiscard]] TimelineWindow window_for(int width) const;
  [[nodiscard]] const Lane* lane_at(double y) const;
  [[nodiscard]] const Span* span_at_point(const QPointF& point) const;
  [[nodiscard]] int class_of(const Span& span) const;
  [[nodiscard]] int class_count() const;
  [[nodiscard]] QColor colour_of(int span_class) const;
  [[nodiscard]] bool found(const Span& span) const;
  void paint_axis(QPainter& painter, const QSize& size, const TimelineWindow& window) const;
  void paint_names(QPainter& painter, const QSize& size) const;
  void paint_lane(QPainter& painter, const Lane& lane, const TimelineWindow& window,
                  const QRectF& row) const;
  void zoom(double factor, double anchor);
  void move_by(double seconds);
  void select(const Lane& lane, const Span& span);
  void reveal(const Span& span);

  std::shared_ptr<const Trace> trace_;
  SpanColour colour_ = SpanColour::activity;
  QString search_;
  std::vector<bool> name_found_;
  std::vector<int> name_rank_;  // of each name, by the time spent in it
  double begin_ = 0;
  double end_ = 1;
  const Span* selected_ = nullptr;
  std::optional<QPointF> pressed_;
  double pressed_begin_ = 0;
  bool dragged_ = false;
};

}  // namespace fleetwright::gui
