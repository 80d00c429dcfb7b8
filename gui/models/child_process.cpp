#include "gui/models/child_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QSocketNotifier>
#include <QStandardPaths>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

// The program promises to end within a second of an interrupt; one that does not is killed before.
constexpr int patience_ms = 700;
// A killed process is gone at once, but a busy machine may take a while to say so.
constexpr int destruction_ms = 10'000;

}  // namespace

QString fleetwright_program() {
  if (const QByteArray named = qgetenv("FLEETWRIGHT_PROGRAM"); !named.isEmpty()) {
    return QFile::decodeName(named);
  }
  QString beside = QDir(QCoreApplication::applicationDirPath()).filePath("fleetwright");
  if (QFileInfo(beside).isExecutable()) return beside;
  QString found = QStandardPaths::findExecutable("fleetwright");
  return found.isEmpty() ? beside : found;
}

ChildProcess::ChildProcess(QObject* parent) : QObject(parent) {
  patience_.setSingleShot(true);
  patience_.setInterval(patience_ms);
  connect(&patience_, &QTimer::timeout, this, [this] { signal_group(SIGKILL); });
  connect(&process_, &QProcess::finished, this,
          [this](int code, QProcess::ExitStatus status) { end(failure_text(code, status)); });
  connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) {
      end(words("The program could not be started: ") + process_.program() + ": " +
          process_.errorString());
    }
  });
}

ChildProcess::~ChildProcess() {
  process_.disconnect(this);
  if (running()) {
    signal_group(SIGKILL);
    process_.kill();
    process_.waitForFinished(destruction_ms);
  }
  close_terminal();
}

bool ChildProcess::open_terminal() {
  terminal_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  std::array<char, 128> name{};
  if (terminal_ < 0 || ::grantpt(terminal_) != 0 || ::unlockpt(terminal_) != 0 ||
      ::ptsname_r(terminal_, name.data(), name.size()) != 0) {
    return false;
  }
  child_terminal_ = ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios settings{};
  if (child_terminal_ < 0 || ::tcgetattr(child_terminal_, &settings) != 0) return false;
  ::cfmakeraw(&settings);
  return ::tcsetattr(child_terminal_, TCSANOW, &settings) == 0;
}

void ChildProcess::close_terminal() {
  delete notifier_;
  notifier_ = nullptr;
  for (int* end : {&terminal_, &child_terminal_}) {
    if (*end >= 0) ::close(*end);
    *end = -1;
  }
}

void ChildProcess::start(const QString& program, const QStringList& arguments) {
  stream_ = {};
  cancelled_ = false;
  clock_.start();
  if (!open_terminal()) {
    close_terminal();
    end(words("No pseudo-terminal for the program: ") + std::strerror(errno));
    return;
  }
  notifier_ = new QSocketNotifier(terminal_, QSocketNotifier::Read);
  connect(notifier_, &QSocketNotifier::activated, this, [this] { read_terminal(); });
  process_.setChildProcessModifier([terminal = child_terminal_] {
    ::setsid();  // a group of its own, so that its children are interrupted with it
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(terminal, STDERR_FILENO);
  });
  process_.setStandardInputFile(QProcess::nullDevice());
  process_.start(program, arguments);
}

void ChildProcess::read_terminal() {
  std::array<char, 4096> buffer{};
  bool newer = false;
  while (true) {
    const ssize_t count = ::read(terminal_, buffer.data(), buffer.size());
    if (count <= 0) break;
    newer = stream_.feed(QByteArray(buffer.data(), static_cast<int>(count))) || newer;
  }
  if (newer) emit progressed(stream_.progress());
}

void ChildProcess::signal_group(int signal_number) {
  if (const qint64 pid = process_.processId(); pid > 0) {
    // Before it leads a group of its own there is no such group, only the process.
    if (::kill(static_cast<pid_t>(-pid), signal_number) != 0) {
      ::kill(static_cast<pid_t>(pid), signal_number);
    }
  }
}

void ChildProcess::cancel() {
  if (!running()) return;
  cancelled_ = true;
  signal_group(SIGINT);
  patience_.start();
}

QString ChildProcess::failure_text(int code, QProcess::ExitStatus status) const {
  if (cancelled_) return words("Cancelled.");
  if (status == QProcess::CrashExit) {
    // QProcess gives the number of the signal that ended it as the exit code.
    return words("The program was ended by a signal: ") + QString::number(code) + ", " +
           QString::fromLocal8Bit(::strsignal(code)) + ".";
  }
  switch (code) {
    case 0:
      return {};
    case 1:
      return words("The program could not go on.");
    case 2:
      return words("The scenario is wrong.");
    case 3:
      return words("Nothing feasible: this does not fit.");
    case 130:
      return words("Interrupted.");
    default:
      return words("The program ended with code ") + QString::number(code) + ".";
  }
}

void ChildProcess::end(const QString& failure) {
  patience_.stop();
  if (terminal_ >= 0) read_terminal();
  ChildOutcome outcome;
  outcome.cancelled = cancelled_;
  outcome.code = process_.exitCode();
  outcome.failure = failure;
  outcome.output = process_.isOpen() ? process_.readAllStandardOutput() : QByteArray();
  outcome.messages = stream_.messages();
  outcome.seconds = static_cast<double>(clock_.elapsed()) / 1000;
  close_terminal();
  emit finished(outcome);
}

}  // namespace fleetwright::gui
