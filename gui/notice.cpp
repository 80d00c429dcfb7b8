#include "gui/notice.hpp"

#include <QLabel>

namespace fleetwright::gui {
namespace {

// More is no message but a log, and the first complaint tends to be the cause of the rest.
constexpr qsizetype most_lines = 40;
constexpr int margin = 48;

QString shortened(const QString& text) {
  const QStringList lines = text.split('\n');
  if (lines.size() <= most_lines) return text;
  return lines.mid(0, most_lines).join('\n') +
         Notice::tr("\n… and %1 more lines").arg(lines.size() - most_lines);
}

}  // namespace

Notice::Notice(QWidget* parent) : QScrollArea(parent), label_(new QLabel) {
  label_->setTextFormat(Qt::PlainText);
  label_->setAlignment(Qt::AlignCenter);
  label_->setWordWrap(true);
  label_->setMargin(margin);
  label_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  setWidget(label_);
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
}

void Notice::say(const QString& text) {
  label_->setText(shortened(text));
  setAccessibleName(text);
}

}  // namespace fleetwright::gui
