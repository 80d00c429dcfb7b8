#include "gui/kept_splitter.hpp"

#include <QApplication>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>

namespace fleetwright::gui {
namespace {

constexpr int step = 16;      // pixels an arrow moves
constexpr int one_pixel = 1;  // with Shift

// What a part of the window is called: by itself, or by the first in it that has a name.
QString name_of(const QWidget* part) {
  if (part == nullptr) return {};
  if (!part->accessibleName().isEmpty()) return part->accessibleName();
  for (const QWidget* inside : part->findChildren<QWidget*>()) {
    if (!inside->accessibleName().isEmpty()) return inside->accessibleName();
  }
  return {};
}

}  // namespace

KeptSplitter::KeptSplitter(Qt::Orientation orientation, QWidget* parent)
    : QSplitter(orientation, parent) {
  setChildrenCollapsible(false);
  connect(this, &QSplitter::splitterMoved, this, [this] { moved_ = true; });
}

QSplitterHandle* KeptSplitter::createHandle() { return new Divider(orientation(), this); }

void Divider::take_focus(QWidget* before) {
  before_ = before;
  const int index = splitter()->indexOf(this);
  setAccessibleName(
      tr("Divider between %1 and %2")
          .arg(name_of(splitter()->widget(index - 1)), name_of(splitter()->widget(index))));
  setAccessibleDescription(tr("Arrows move it, Enter leaves it"));
  setFocus(Qt::ShortcutFocusReason);
}

bool Divider::event(QEvent* event) {
  // Escape is not that of the window while the keyboard is here.
  if (event->type() == QEvent::ShortcutOverride &&
      static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
    event->accept();
    return true;
  }
  return QSplitterHandle::event(event);
}

void Divider::keyPressEvent(QKeyEvent* event) {
  const bool beside = orientation() == Qt::Horizontal;
  const int distance = event->modifiers().testFlag(Qt::ShiftModifier) ? one_pixel : step;
  const int at = beside ? x() : y();
  const int end = beside ? splitter()->width() : splitter()->height();
  switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Up:
      moveSplitter(at - distance);
      break;
    case Qt::Key_Right:
    case Qt::Key_Down:
      moveSplitter(at + distance);
      break;
    case Qt::Key_Home:
      moveSplitter(0);
      break;
    case Qt::Key_End:
      moveSplitter(end);
      break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Escape:
      if (before_ != nullptr) before_->setFocus(Qt::ShortcutFocusReason);
      break;
    default:
      QSplitterHandle::keyPressEvent(event);
  }
}

void Divider::paintEvent(QPaintEvent* event) {
  QSplitterHandle::paintEvent(event);
  if (!hasFocus()) return;
  QPainter painter(this);
  painter.fillRect(rect(), palette().color(QPalette::Highlight));
}

void Divider::focusInEvent(QFocusEvent* event) {
  QSplitterHandle::focusInEvent(event);
  update();
}

void Divider::focusOutEvent(QFocusEvent* event) {
  QSplitterHandle::focusOutEvent(event);
  update();
}

bool focus_next_divider(QWidget& window) {
  QList<Divider*> seen;
  for (Divider* divider : window.findChildren<Divider*>()) {
    const auto* splitter = divider->splitter();
    const bool between = splitter->indexOf(divider) > 0;  // the first handle divides nothing
    if (between && divider->isVisible()) seen << divider;
  }
  if (seen.isEmpty()) return false;
  QWidget* focused = QApplication::focusWidget();
  const auto at = seen.indexOf(qobject_cast<Divider*>(focused));
  Divider* next = seen[(at + 1) % seen.size()];
  next->take_focus(at < 0 ? focused : seen[at]->before());
  return true;
}

}  // namespace fleetwright::gui
