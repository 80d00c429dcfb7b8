#pragma once

#include <QByteArray>
#include <QString>

namespace fleetwright::gui {

/// How far the program says it is.
struct Progress {
  QString stage;     // "simulating deepseek-v3"
  double share = 0;  // of one
  QString left;      // "12 s left"; empty where it does not know yet
};

/// Takes a child's standard error apart: the progress line, which it writes over and over as on a
/// terminal, and everything else, which is messages.
class ProgressStream {
 public:
  /// Takes what was read; true if `progress` is newer than before.
  bool feed(const QByteArray& bytes);

  [[nodiscard]] const Progress& progress() const { return progress_; }
  /// All complete lines that are no progress.
  [[nodiscard]] QString messages() const { return messages_ + read_line(line_); }

 private:
  [[nodiscard]] static QString read_line(QByteArray line);
  bool take_progress(const QString& text);

  Progress progress_;
  QString messages_;
  QByteArray line_;
};

}  // namespace fleetwright::gui
