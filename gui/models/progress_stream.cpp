#include "gui/models/progress_stream.hpp"

#include <QRegularExpression>

namespace fleetwright::gui {

bool ProgressStream::take_progress(const QString& text) {
  static const QRegularExpression shape(QStringLiteral("^(.*): (\\d+) %(?:, (\\d+ \\w+ left))?$"));
  if (const auto match = shape.match(text); match.hasMatch()) {
    progress_ = {match.captured(1), match.captured(2).toDouble() / 100, match.captured(3)};
    return true;
  }
  static const QRegularExpression cases(QStringLiteral("^(\\d+) of (\\d+) cases$"));
  if (const auto match = cases.match(text); match.hasMatch()) {
    const double all = match.captured(2).toDouble();
    progress_ = {
        QStringLiteral("predicting cases"), all > 0 ? match.captured(1).toDouble() / all : 0, {}};
    return true;
  }
  return false;
}

// What is left of a line after the terminal's "clear to the end of the line".
QString ProgressStream::read_line(QByteArray line) {
  line.replace("\x1b[K", "");
  return QString::fromUtf8(line);
}

bool ProgressStream::feed(const QByteArray& bytes) {
  bool newer = false;
  for (const char c : bytes) {
    if (c == '\n') {
      messages_ += read_line(line_) + '\n';
      line_.clear();
    } else if (c == '\r') {
      newer = take_progress(read_line(line_)) || newer;
      line_.clear();
    } else {
      line_ += c;
    }
  }
  if (take_progress(read_line(line_))) {
    newer = true;
    line_.clear();
  }
  return newer;
}

}  // namespace fleetwright::gui
