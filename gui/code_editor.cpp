#include "gui/code_editor.hpp"

#include <QFontDatabase>
#include <QHelpEvent>
#include <QPainter>
#include <QTextBlock>
#include <QToolTip>
#include <algorithm>

#include "gui/theme.hpp"

namespace fleetwright::gui {
namespace {

/// The strip of line numbers.
class Margin : public QWidget {
 public:
  explicit Margin(CodeEditor& editor) : QWidget(&editor), editor_(editor) {}
  [[nodiscard]] QSize sizeHint() const override { return {editor_.margin_width(), 0}; }

 protected:
  void paintEvent(QPaintEvent* event) override { editor_.paint_margin(event); }

 private:
  CodeEditor& editor_;
};

}  // namespace

CodeEditor::CodeEditor(QWidget* parent) : QPlainTextEdit(parent), margin_(new Margin(*this)) {
  setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  setLineWrapMode(NoWrap);
  setTabChangesFocus(true);
  connect(this, &QPlainTextEdit::blockCountChanged, this,
          [this] { setViewportMargins(margin_width(), 0, 0, 0); });
  connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& rect, int scrolled) {
    if (scrolled != 0) {
      margin_->scroll(0, scrolled);
    } else {
      margin_->update(0, rect.y(), margin_->width(), rect.height());
    }
  });
  connect(this, &QPlainTextEdit::cursorPositionChanged, this, &CodeEditor::update_marks);
  setViewportMargins(margin_width(), 0, 0, 0);
}

int CodeEditor::margin_width() const {
  const auto digits = std::max<qsizetype>(3, QString::number(blockCount()).size());
  return fontMetrics().horizontalAdvance('9') * static_cast<int>(digits) + 16;
}

void CodeEditor::resizeEvent(QResizeEvent* event) {
  QPlainTextEdit::resizeEvent(event);
  const QRect area = contentsRect();
  margin_->setGeometry(area.left(), area.top(), margin_width(), area.height());
}

void CodeEditor::changeEvent(QEvent* event) {
  QPlainTextEdit::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) update_marks();
}

const ProgramMessage* CodeEditor::message_at(int line) const {
  const auto found = std::ranges::find(messages_, line, &ProgramMessage::line);
  return found == messages_.end() ? nullptr : &*found;
}

void CodeEditor::paint_margin(QPaintEvent* event) {
  QPainter painter(margin_);
  painter.fillRect(event->rect(), palette().color(QPalette::AlternateBase));
  painter.setFont(font());
  QTextBlock block = firstVisibleBlock();
  double top = blockBoundingGeometry(block).translated(contentOffset()).top();
  while (block.isValid() && top <= event->rect().bottom()) {
    const double height = blockBoundingRect(block).height();
    const bool wrong = message_at(block.blockNumber() + 1) != nullptr;
    const QRect box(0, static_cast<int>(top), margin_->width() - 8, static_cast<int>(height));
    if (wrong) painter.fillRect(QRect(0, box.top(), 4, box.height()), error_colour());
    painter.setPen(wrong ? error_colour() : palette().color(QPalette::PlaceholderText));
    painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter,
                     QString::number(block.blockNumber() + 1));
    top += height;
    block = block.next();
  }
}

void CodeEditor::show_messages(const std::vector<ProgramMessage>& messages) {
  messages_ = messages;
  update_marks();
  margin_->update();
}

void CodeEditor::update_marks() {
  QList<QTextEdit::ExtraSelection> marks;
  if (!document()->isEmpty()) {  // else it would hide the first line of the placeholder
    QTextEdit::ExtraSelection current;
    current.format.setBackground(palette().color(QPalette::AlternateBase));
    current.format.setProperty(QTextFormat::FullWidthSelection, true);
    current.cursor = textCursor();
    current.cursor.clearSelection();
    marks << current;
  }
  for (const ProgramMessage& message : messages_) {
    const QTextBlock block = document()->findBlockByNumber(message.line - 1);
    if (message.line < 1 || !block.isValid()) continue;
    QTextEdit::ExtraSelection mark;
    mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
    mark.format.setUnderlineColor(error_colour());
    mark.cursor = QTextCursor(block);
    const int column = std::clamp(message.column - 1, 0, std::max(block.length() - 2, 0));
    mark.cursor.setPosition(block.position() + column);
    mark.cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
    marks << mark;
  }
  setExtraSelections(marks);
}

void CodeEditor::go_to(int line, int column) {
  const QTextBlock block = document()->findBlockByNumber(std::max(line - 1, 0));
  if (!block.isValid()) return;
  QTextCursor cursor(block);
  cursor.setPosition(block.position() + std::clamp(column - 1, 0, std::max(block.length() - 1, 0)));
  setTextCursor(cursor);
  centerCursor();
}

bool CodeEditor::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const QPoint inside = viewport()->mapFrom(this, help->pos());
    const ProgramMessage* message = message_at(cursorForPosition(inside).blockNumber() + 1);
    if (message != nullptr) {
      const QString text = message->text + (message->help.isEmpty() ? "" : "\n" + message->help);
      QToolTip::showText(help->globalPos(), text, this);
    } else {
      QToolTip::hideText();
    }
    return true;
  }
  return QPlainTextEdit::event(event);
}

}  // namespace fleetwright::gui
