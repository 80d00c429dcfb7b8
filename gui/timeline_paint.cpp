// How a TimelineView is drawn.

#include <QFontInfo>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "gui/models/quantity_text.hpp"
#include "gui/theme.hpp"
#include "gui/timeline_view.hpp"

namespace fleetwright::gui {
namespace {

constexpr int named_classes = 8;
const QColor grey(0x80, 0x80, 0x80);
constexpr int pale = 45;  // of 255: what a search does not find

// A step of 1, 2 or 5 times a power of ten that gives a tick about every hundred pixels.
double tick_step(const TimelineWindow& window) {
  const double wanted = 110 * window.seconds_per_pixel();
  const double power = std::pow(10, std::floor(std::log10(wanted)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= wanted) return factor * power;
  }
  return 10 * power;
}

}  // namespace

// Names after the eighth share one grey; stages and micro-batches take colours in turn.
std::vector<TimelineView::LegendEntry> TimelineView::legend_entries() const {
  std::vector<LegendEntry> entries;
  if (!trace_) return entries;
  if (colour_ == SpanColour::activity) {
    std::vector<bool> used(static_cast<std::size_t>(trace_->activities.size()));
    for (const Lane& lane : trace_->lanes) {
      for (const Span& span : lane.spans) used[static_cast<std::size_t>(span.activity)] = true;
    }
    for (int i = 0; i < trace_->activities.size(); ++i) {
      if (used[static_cast<std::size_t>(i)]) entries.push_back({i, trace_->activities[i]});
    }
  }
  if (colour_ == SpanColour::name) {
    const auto named = std::min<qsizetype>(named_classes, trace_->names.size());
    for (int rank = 0; rank < named; ++rank) {
      const auto name = std::ranges::find(name_rank_, rank) - name_rank_.begin();
      entries.push_back({rank, trace_->names.value(static_cast<int>(name))});
    }
    const auto more = trace_->names.size() - named;
    if (more > 0) entries.push_back({named_classes, tr("%1 more").arg(more)});
  }
  return entries;
}

QString TimelineView::legend() const {
  if (!trace_) return {};
  QString text;
  if (colour_ == SpanColour::stage) text = tr("stages in eight colours, in turn &nbsp; ");
  if (colour_ == SpanColour::micro_batch)
    text = tr("micro-batches in eight colours, in turn &nbsp; ");
  for (const LegendEntry& entry : legend_entries()) {
    text += QStringLiteral("<span style=\"color:%1\">&#9632;</span>&nbsp;%2 &nbsp; ")
                .arg(colour_of(entry.colour).name(), entry.name.toHtmlEscaped());
  }
  return text + tr("%1 spans of %2 ranks").arg(trace_->span_count()).arg(trace_->ranks());
}

QString TimelineView::legend_text() const {
  constexpr const char* colours[] = {"blue",      "orange", "green",     "pink", "light blue",
                                     "vermilion", "yellow", "dark grey", "grey"};
  QStringList texts;
  for (const LegendEntry& entry : legend_entries()) {
    const char* colour = colours[std::min(entry.colour, named_classes)];
    texts << QStringLiteral("%1 %2").arg(tr(colour), entry.name);
  }
  return texts.isEmpty() ? tr("eight, in turn") : texts.join(", ");
}

int TimelineView::name_width() const { return fontMetrics().horizontalAdvance("rank 888 ") + 8; }

int TimelineView::axis_height() const { return fontMetrics().height() + 10; }

double TimelineView::lane_height(int height) const {
  const auto lanes = trace_ ? std::max<std::size_t>(trace_->lanes.size(), 1) : 1;
  return std::min(40.0, (height - axis_height()) / static_cast<double>(lanes));
}

TimelineWindow TimelineView::window_for(int width) const {
  return {begin_, end_, std::max(1, width - name_width())};
}

int TimelineView::class_count() const { return 2 * (named_classes + 1); }

// Found spans have the lower half of the classes, all others the upper; the last of each half is
// "of no class".
int TimelineView::class_of(const Span& span) const {
  int number = span.activity;
  if (colour_ == SpanColour::name) {
    const int rank = name_rank_[static_cast<std::size_t>(span.name)];
    number = rank < named_classes ? rank : -1;
  }
  if (colour_ == SpanColour::stage) number = span.stage;
  if (colour_ == SpanColour::micro_batch) number = span.micro_batch;
  const int within = number < 0 ? named_classes : number % named_classes;
  return found(span) ? within : within + named_classes + 1;
}

QColor TimelineView::colour_of(int span_class) const {
  const int within = span_class % (named_classes + 1);
  QColor colour = within == named_classes ? grey : series_colour(within);
  if (span_class > named_classes) {
    const QColor base = palette().color(QPalette::Base);
    const auto mix = [](int a, int b) { return (a * pale + b * (255 - pale)) / 255; };
    colour = QColor(mix(colour.red(), base.red()), mix(colour.green(), base.green()),
                    mix(colour.blue(), base.blue()));
  }
  return colour;
}

void TimelineView::paintEvent(QPaintEvent* /*event*/) {
  QPainter painter(this);
  paint_into(painter, size());
}

void TimelineView::paint_into(QPainter& painter, const QSize& size) {
  painter.fillRect(QRect(QPoint(0, 0), size), palette().base());
  if (!trace_) return;
  // In pixels, so that names keep their proportion on paper.
  QFont face = font();
  face.setPixelSize(QFontInfo(face).pixelSize());
  painter.setFont(face);
  const TimelineWindow window = window_for(size.width());
  const double height = lane_height(size.height());
  paint_axis(painter, size, window);
  paint_names(painter, size);
  painter.save();
  painter.setClipRect(name_width(), axis_height(), window.pixels, size.height());
  for (std::size_t i = 0; i < trace_->lanes.size(); ++i) {
    const QRectF row(name_width(), axis_height() + static_cast<double>(i) * height, window.pixels,
                     height);
    paint_lane(painter, trace_->lanes[i], window, row);
  }
  painter.restore();
  if (hasFocus()) {
    painter.setPen(palette().color(QPalette::Highlight));
    painter.drawRect(0, 0, size.width() - 1, size.height() - 1);
  }
}

void TimelineView::paint_axis(QPainter& painter, const QSize& size,
                              const TimelineWindow& window) const {
  const double step = tick_step(window);
  QColor grid = palette().color(QPalette::Text);
  grid.setAlpha(35);
  for (double tick = std::ceil(window.begin / step) * step; tick <= window.end; tick += step) {
    const int x = name_width() + static_cast<int>(window.x_of(tick));
    painter.setPen(grid);
    painter.drawLine(x, axis_height(), x, size.height());
    const QString text = tick == 0 ? QStringLiteral("0") : seconds_text(tick);
    if (x + painter.fontMetrics().horizontalAdvance(text) > size.width()) continue;
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(x + 3, axis_height() - 7, text);
  }
}

// A name for each rank, as far as there is room.
void TimelineView::paint_names(QPainter& painter, const QSize& size) const {
  const double height = lane_height(size.height());
  double room = -1e9;
  int rank = -1;
  for (std::size_t i = 0; i < trace_->lanes.size(); ++i) {
    if (trace_->lanes[i].rank == rank) continue;
    rank = trace_->lanes[i].rank;
    const double top = axis_height() + static_cast<double>(i) * height;
    QColor line = palette().color(QPalette::Text);
    line.setAlpha(60);
    painter.setPen(line);
    painter.drawLine(QPointF(0, top), QPointF(size.width(), top));
    if (top < room) continue;
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(QPointF(6, top + painter.fontMetrics().ascent() + 1), tr("rank %1").arg(rank));
    room = top + painter.fontMetrics().height();
  }
}

void TimelineView::paint_lane(QPainter& painter, const Lane& lane, const TimelineWindow& window,
                              const QRectF& row) const {
  const LanePicture picture =
      picture_of(lane, window, class_count(), [this](const Span& span) { return class_of(span); });
  const double gap = row.height() > 6 ? 1 : 0;
  const double top = row.top() + gap;
  const double height = row.height() - gap;
  // Neighbouring pixels of one class are one rectangle.
  for (std::size_t from = 0; from < picture.pixels.size();) {
    std::size_t to = from + 1;
    while (to < picture.pixels.size() && picture.pixels[to] == picture.pixels[from]) ++to;
    if (picture.pixels[from] >= 0) {
      painter.fillRect(QRectF(row.left() + static_cast<double>(from), top,
                              static_cast<double>(to - from), height),
                       colour_of(picture.pixels[from]));
    }
    from = to;
  }
  const int text_height = painter.fontMetrics().height();
  for (const std::size_t index : picture.wide) {
    const Span& span = lane.spans[index];
    const double left = std::max(0.0, window.x_of(span.start));
    const double right = std::min(static_cast<double>(window.pixels), window.x_of(span.end));
    const QRectF box(row.left() + left, top, right - left - 0.5, height);
    const QColor colour = colour_of(class_of(span));
    painter.fillRect(box, colour);
    if (box.width() > 24 && height >= text_height - 2) {
      painter.setPen(colour.lightness() > 110 ? Qt::black : Qt::white);
      const QString name = trace_->names.value(span.name);
      painter.drawText(box.adjusted(3, 0, -1, 0), Qt::AlignVCenter | Qt::AlignLeft,
                       painter.fontMetrics().elidedText(name, Qt::ElideRight,
                                                        static_cast<int>(box.width()) - 4));
    }
  }
  if (selected_ != nullptr && !lane.spans.empty() && selected_ >= &lane.spans.front() &&
      selected_ <= &lane.spans.back()) {
    const double left = row.left() + window.x_of(selected_->start);
    const double width = std::max(3.0, window.x_of(selected_->end) - window.x_of(selected_->start));
    painter.setPen(QPen(palette().color(QPalette::Text), 2));
    painter.drawRect(QRectF(left, top, width, height - 1));
  }
}

}  // namespace fleetwright::gui
