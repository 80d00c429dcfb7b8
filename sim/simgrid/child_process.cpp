#include "sim/simgrid/child_process.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <mutex>
#include <optional>
#include <string>

#include "models/core/error.hpp"

namespace fleetwright {

namespace {

enum class Outcome : std::uint64_t { values, error_text, progress };

/// What stands before each message in the pipe; progress may come before the result.
struct ReplyHeader {
  Outcome outcome = Outcome::values;
  std::uint64_t bytes = 0;
};

using Work = std::function<std::vector<double>(const ReportProgress& report)>;

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() { close(); }
  [[nodiscard]] int value() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

Error system_error(const char* what) {
  return Error(fmt::format("cannot {} for the simulation: {}", what, std::strerror(errno)));
}

bool write_all(int fd, const void* data, std::size_t size) {
  const char* next = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written = ::write(fd, next, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    next += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

/// False if the other end closed early.
bool read_all(int fd, void* data, std::size_t size) {
  char* next = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t got = ::read(fd, next, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    next += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool reply(int fd, Outcome outcome, const void* data, std::size_t bytes) {
  const ReplyHeader header{outcome, bytes};
  return write_all(fd, &header, sizeof header) && write_all(fd, data, bytes);
}

/// Leaves by _exit: what the parent set up for its own exit must not happen twice.
[[noreturn]] void be_child(int fd, const Work& work) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  bool sent = false;
  try {
    const std::vector<double> values = work([fd](double share) {
      static_cast<void>(reply(fd, Outcome::progress, &share, sizeof share));
    });
    sent = reply(fd, Outcome::values, values.data(), values.size() * sizeof(double));
  } catch (const std::exception& error) {
    const std::string text = error.what();
    sent = reply(fd, Outcome::error_text, text.data(), text.size());
  } catch (...) {
    const std::string text = "an exception of unknown type";
    sent = reply(fd, Outcome::error_text, text.data(), text.size());
  }
  ::_exit(sent ? 0 : 1);
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    return fmt::format("signal {} ({})", signal, ::strsignal(signal));
  }
  return fmt::format("exit status {}", WEXITSTATUS(status));
}

/// A child and the end of the pipe that it writes to. Waits for the child in any case.
class Child {
 public:
  explicit Child(const Work& work) {
    // One at a time: a child must not inherit the writing end of another's pipe and keep it open.
    static std::mutex starting;
    const std::lock_guard lock(starting);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw system_error("open a pipe");
    from_child_.emplace(ends[0]);
    FileDescriptor to_parent(ends[1]);
    // SimGrid flushes these two, and text that waits here would come out twice.
    std::fflush(stdout);
    std::fflush(stderr);
    pid_ = ::fork();
    if (pid_ < 0) throw system_error("start a process");
    if (pid_ == 0) {
      from_child_->close();
      be_child(to_parent.value(), work);
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ > 0) wait();
  }

  [[nodiscard]] bool read(void* data, std::size_t size) const {
    return read_all(from_child_->value(), data, size);
  }
  /// The status of waitpid.
  int wait() {
    from_child_->close();  // a child that still writes must not wait for a reader
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

 private:
  std::optional<FileDescriptor> from_child_;
  pid_t pid_ = -1;
};

}  // namespace

std::vector<double> run_in_child(const std::function<std::vector<double>()>& work) {
  return run_in_child([&](const ReportProgress& /*report*/) { return work(); }, {});
}

std::vector<double> run_in_child(const Work& work, const ReportProgress& progress) {
  Child child(work);
  ReplyHeader header;
  std::vector<double> values;
  std::string text;
  bool complete = child.read(&header, sizeof header);
  while (complete && header.outcome == Outcome::progress) {
    double share = 0;
    complete = child.read(&share, sizeof share);
    if (complete && progress) progress(share);
    complete = complete && child.read(&header, sizeof header);
  }
  if (complete && header.outcome == Outcome::values) {
    values.resize(header.bytes / sizeof(double));
    complete = child.read(values.data(), header.bytes);
  } else if (complete) {
    text.resize(header.bytes);
    complete = child.read(text.data(), header.bytes);
  }
  const int status = child.wait();
  if (!complete || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw Error(fmt::format("the simulation died: {}", how_it_ended(status)));
  }
  if (header.outcome == Outcome::error_text) throw Error("the simulation failed: " + text);
  return values;
}

}  // namespace fleetwright
