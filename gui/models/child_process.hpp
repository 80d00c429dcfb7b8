#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QTimer>

#include "gui/models/progress_stream.hpp"

class QSocketNotifier;

namespace fleetwright::gui {

/// How a child ended.
struct ChildOutcome {
  bool cancelled = false;
  int code = 0;        // of an exit
  QString failure;     // one sentence where it did not end with 0; empty where it did
  QByteArray output;   // what it wrote to standard output
  QString messages;    // what it wrote to standard error, without progress
  double seconds = 0;  // from start to end
};

/// One call of the program in a process and process group of its own. Its standard error is a
/// pseudo-terminal, because progress is written to terminals alone.
class ChildProcess : public QObject {
  Q_OBJECT

 public:
  explicit ChildProcess(QObject* parent = nullptr);
  ~ChildProcess() override;

  void start(const QString& program, const QStringList& arguments);
  /// Interrupts it as Ctrl-C does, and kills what has not ended soon after.
  void cancel();
  [[nodiscard]] bool running() const { return process_.state() != QProcess::NotRunning; }
  [[nodiscard]] qint64 pid() const { return process_.processId(); }

 signals:
  void progressed(const fleetwright::gui::Progress& progress);
  void finished(const fleetwright::gui::ChildOutcome& outcome);

 private:
  bool open_terminal();
  void close_terminal();
  void read_terminal();
  void signal_group(int signal_number);
  void end(const QString& failure);
  [[nodiscard]] QString failure_text(int code, QProcess::ExitStatus status) const;

  QProcess process_;
  QTimer patience_;
  QElapsedTimer clock_;
  ProgressStream stream_;
  QSocketNotifier* notifier_ = nullptr;
  int terminal_ = -1;        // our end
  int child_terminal_ = -1;  // the child's
  bool cancelled_ = false;
};

/// The program beside this one, unless the environment names another (FLEETWRIGHT_PROGRAM).
[[nodiscard]] QString fleetwright_program();

}  // namespace fleetwright::gui
