#include "gui/timeline_view.hpp"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <algorithm>
#include <climits>
#include <cmath>

#include "gui/models/quantity_text.hpp"

namespace fleetwright::gui {
namespace {

// Beyond this a screen shows a stretch that no kernel of a step is shorter than.
constexpr double shortest_range = 1e-6;  // seconds
constexpr double key_zoom = 1.5;
constexpr double key_move = 0.1;  // of what is seen

}  // namespace

TimelineView::TimelineView(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumSize(300, 200);
  setAccessibleName(tr("Timeline"));
  setAccessibleDescription(
      tr("Plus and minus zoom, left and right move, Home shows the whole step. Full stop and comma "
         "select the next span and the one before, Ctrl with up and down the lane beside."));
}

void TimelineView::set_trace(std::shared_ptr<const Trace> trace) {
  trace_ = std::move(trace);
  selected_ = nullptr;
  name_rank_.clear();
  if (trace_) {
    name_rank_.assign(static_cast<std::size_t>(trace_->names.size()), INT_MAX);
    int rank = 0;
    for (const NameShare& share : time_by_name(*trace_, 0, trace_->end)) {
      name_rank_[static_cast<std::size_t>(share.name)] = rank++;
    }
  }
  set_search(search_);
  show_all();
}

void TimelineView::set_colour(SpanColour colour) {
  colour_ = colour;
  update();
}

void TimelineView::set_search(const QString& text) {
  search_ = text;
  name_found_.clear();
  if (trace_ && !text.isEmpty()) {
    for (const QString& name : trace_->names) {
      name_found_.push_back(name.contains(text, Qt::CaseInsensitive));
    }
  }
  update();
}

bool TimelineView::found(const Span& span) const {
  return name_found_.empty() || name_found_[static_cast<std::size_t>(span.name)];
}

bool TimelineView::find_next(bool back) {
  if (!trace_ || name_found_.empty()) return false;
  // By lane, then time, from the selected one on and around.
  std::vector<std::pair<const Lane*, const Span*>> all;
  std::size_t at = 0;
  bool have_selection = false;
  for (const Lane& lane : trace_->lanes) {
    for (const Span& span : lane.spans) {
      if (!found(span)) continue;
      if (&span == selected_) {
        at = all.size();
        have_selection = true;
      }
      all.emplace_back(&lane, &span);
    }
  }
  if (all.empty()) return false;
  if (have_selection) at = (at + (back ? all.size() - 1 : 1)) % all.size();
  const auto& [lane, span] = all[at];
  reveal(*span);
  select(*lane, *span);
  return true;
}

void TimelineView::step(int along, int lanes) {
  if (!trace_ || trace_->lanes.empty()) return;
  const auto& all = trace_->lanes;
  const auto holds = [this](const Lane& lane) {
    return selected_ >= &lane.spans.front() && selected_ <= &lane.spans.back();
  };
  auto lane = std::ranges::find_if(all, holds);
  const double time = lane == all.end() ? begin_ : selected_->start;
  if (lane == all.end()) {
    lane = all.begin();
    along = 0;
  } else {
    const auto last = static_cast<int>(all.size()) - 1;
    lane = all.begin() + std::clamp(static_cast<int>(lane - all.begin()) + lanes, 0, last);
  }
  const auto& spans = lane->spans;
  const auto last = static_cast<int>(spans.size()) - 1;
  const auto at = std::ranges::lower_bound(spans, time, {}, &Span::start) - spans.begin();
  const auto to = static_cast<std::size_t>(std::clamp(static_cast<int>(at) + along, 0, last));
  reveal(spans[to]);
  select(*lane, spans[to]);
}

// As little of the step as before is seen, but the span is.
void TimelineView::reveal(const Span& span) {
  const double half = std::max((end_ - begin_) / 2, span.duration());
  const double middle = (span.start + span.end) / 2;
  if (span.start < begin_ || span.end > end_) show_range(middle - half, middle + half);
}

void TimelineView::show_all() { show_range(0, trace_ ? std::max(trace_->end, shortest_range) : 1); }

void TimelineView::show_range(double begin, double end) {
  const double whole = trace_ ? std::max(trace_->end, shortest_range) : 1;
  const double length = std::clamp(end - begin, std::min(shortest_range, whole), whole);
  begin_ = std::clamp(begin, 0.0, whole - length);
  end_ = begin_ + length;
  update();
  emit range_changed();
}

void TimelineView::zoom(double factor, double anchor) {
  show_range(anchor - (anchor - begin_) / factor, anchor + (end_ - anchor) / factor);
}

void TimelineView::move_by(double seconds) { show_range(begin_ + seconds, end_ + seconds); }

void TimelineView::select(const Lane& lane, const Span& span) {
  selected_ = &span;
  update();
  emit selection_changed(text_of(lane, span));
}

QString TimelineView::text_of(const Lane& lane, const Span& span) const {
  QString text = tr("%1, %2: rank %3 %4, from %5 for %6")
                     .arg(trace_->names.value(span.name), trace_->activities.value(span.activity))
                     .arg(lane.rank)
                     .arg(lane.title, seconds_text(span.start), seconds_text(span.duration()));
  if (span.stage >= 0) text += tr(", stage %1").arg(span.stage);
  if (span.micro_batch >= 0) text += tr(", micro-batch %1").arg(span.micro_batch);
  if (span.layer >= 0) text += tr(", layer %1").arg(span.layer);
  return text;
}

const Lane* TimelineView::lane_at(double y) const {
  if (!trace_ || y < axis_height()) return nullptr;
  const double row = (y - axis_height()) / lane_height(height());
  const auto index = static_cast<std::size_t>(row);
  return index < trace_->lanes.size() ? &trace_->lanes[index] : nullptr;
}

const Span* TimelineView::span_at_point(const QPointF& point) const {
  const Lane* lane = lane_at(point.y());
  if (lane == nullptr || point.x() < name_width()) return nullptr;
  const TimelineWindow window = window_for(width());
  return span_at(*lane, window.time_at(point.x() - name_width()), window.seconds_per_pixel());
}

bool TimelineView::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const Span* span = span_at_point(help->pos());
  if (span == nullptr) {
    QToolTip::hideText();
    return true;
  }
  QToolTip::showText(help->globalPos(), text_of(*lane_at(help->pos().y()), *span), this);
  return true;
}

void TimelineView::wheelEvent(QWheelEvent* event) {
  const QPoint turn = event->angleDelta();
  const double notches = (turn.y() != 0 ? turn.y() : turn.x()) / 120.0;
  if ((event->modifiers() & Qt::ShiftModifier) != 0 || turn.x() != 0) {
    move_by(-notches * key_move * (end_ - begin_));
  } else {
    const double at = window_for(width()).time_at(event->position().x() - name_width());
    zoom(std::pow(1.25, notches), std::clamp(at, begin_, end_));
  }
  event->accept();
}

void TimelineView::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  pressed_ = event->position();
  pressed_begin_ = begin_;
  dragged_ = false;
}

void TimelineView::mouseMoveEvent(QMouseEvent* event) {
  if (!pressed_) return;
  const double distance = event->position().x() - pressed_->x();
  if (std::abs(distance) > 3) dragged_ = true;
  if (!dragged_) return;
  const double begin = pressed_begin_ - distance * window_for(width()).seconds_per_pixel();
  show_range(begin, begin + end_ - begin_);
}

void TimelineView::mouseReleaseEvent(QMouseEvent* event) {
  if (!dragged_ && pressed_) {
    if (const Span* span = span_at_point(event->position())) {
      select(*lane_at(event->position().y()), *span);
    }
  }
  pressed_.reset();
}

void TimelineView::keyPressEvent(QKeyEvent* event) {
  const double seen = end_ - begin_;
  const double middle = begin_ + seen / 2;
  if ((event->modifiers() & Qt::ControlModifier) != 0 &&
      (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)) {
    step(0, event->key() == Qt::Key_Up ? -1 : 1);
    return;
  }
  switch (event->key()) {
    case Qt::Key_Period:
      step(1, 0);
      break;
    case Qt::Key_Comma:
      step(-1, 0);
      break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_Up:
      zoom(key_zoom, middle);
      break;
    case Qt::Key_Minus:
    case Qt::Key_Down:
      zoom(1 / key_zoom, middle);
      break;
    case Qt::Key_Left:
      move_by(-key_move * seen);
      break;
    case Qt::Key_Right:
      move_by(key_move * seen);
      break;
    case Qt::Key_PageUp:
      move_by(-seen);
      break;
    case Qt::Key_PageDown:
      move_by(seen);
      break;
    case Qt::Key_Home:
      show_all();
      break;
    default:
      QWidget::keyPressEvent(event);
  }
}

}  // namespace fleetwright::gui
