#include "planner/cli/result.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <mutex>
#include <new>
#include <thread>

#include "models/core/error.hpp"
#include "planner/cli/progress_line.hpp"

namespace fleetwright::cli {
namespace {

void say_interrupted() {
  constexpr std::string_view message = "\nfleetwright: interrupted\n";
  static_cast<void>(::write(STDERR_FILENO, message.data(), message.size()) > 0);
}

std::mutex unfinished_mutex;
std::string unfinished;  // the file that is being written

void remember(const std::string& file) {
  const std::scoped_lock lock(unfinished_mutex);
  unfinished = file;
}

/// In memory that a simulation's child process shares.
std::atomic<bool>* make_shared_flag() {
  void* memory = ::mmap(nullptr, sizeof(std::atomic<bool>), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw Error("cannot share memory with child processes");
  return new (memory) std::atomic<bool>(false);
}

std::atomic<bool>& stop_flag() {
  static std::atomic<bool>* flag = make_shared_flag();
  return *flag;
}

// What runs sees the flag within milliseconds, and has this long to write what there is.
constexpr std::chrono::milliseconds time_to_end{700};

[[noreturn]] void wait_for_interrupt(sigset_t signals) {
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
  stop_flag() = true;
  std::this_thread::sleep_for(time_to_end);
  const std::scoped_lock lock(unfinished_mutex);
  if (!unfinished.empty()) ::unlink(unfinished.c_str());
  say_interrupted();
  ::_exit(exit_interrupted);
}

[[noreturn]] void fail(const std::string& file) {
  throw Error(fmt::format("cannot write '{}': {}", file, std::strerror(errno)));
}

// `mode` "wx" makes a new file, and follows no link to another.
void write_plain(const std::string& text, const std::string& file, const char* mode) {
  std::FILE* out = std::fopen(file.c_str(), mode);
  if (out == nullptr) fail(file);
  const bool written = std::fwrite(text.data(), 1, text.size(), out) == text.size();
  const int reason = errno;
  const bool closed = std::fclose(out) == 0;
  if (!written) errno = reason;
  if (!written || !closed) fail(file);
}

}  // namespace

void write_result(const std::string& text, const std::string& file) {
  if (file.empty()) {
    errno = 0;
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() ||
        std::fflush(stdout) != 0) {
      fail("standard output");
    }
    return;
  }
  // A device or a pipe cannot be replaced by renaming.
  std::error_code ignored;  // a link that leads nowhere is replaced
  const auto status = std::filesystem::status(file, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    return write_plain(text, file, "w");
  }
  const std::string temporary = fmt::format("{}.{}.tmp", file, ::getpid());
  remember(temporary);
  try {
    write_plain(text, temporary, "wx");
  } catch (const Error&) {
    const int reason = errno;
    if (reason != EEXIST) ::unlink(temporary.c_str());  // else it is not ours
    remember("");
    errno = reason;
    fail(file);
  }
  if (std::rename(temporary.c_str(), file.c_str()) != 0) {
    const int reason = errno;
    ::unlink(temporary.c_str());
    remember("");
    errno = reason;
    fail(file);
  }
  remember("");
}

void say_islands_are_left_out(const Scenario& scenario) {
  if (scenario.islands.empty()) return;
  fmt::print(stderr,
             "fleetwright: {}: this is of [cluster] alone ({} {}); `fleetwright plan` answers for "
             "its {} other islands too\n",
             scenario.name, scenario.setup.cluster.gpus, scenario.setup.cluster.accelerator.id,
             scenario.islands.size());
}

int end_as_interrupted() {
  say_interrupted();
  return exit_interrupted;
}

RunControl control_of(const std::string& doing, bool quiet) {
  RunControl control;
  control.stop = &stop_flag();
  if (!quiet && ::isatty(STDERR_FILENO) != 0) {
    control.progress = [line = std::make_shared<ProgressLine>(doing)](double share) {
      line->show(share);
    };
  }
  return control;
}

void end_cleanly_on_interrupt() {
  static_cast<void>(stop_flag());
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  // Blocked everywhere and taken by one thread: SimGrid, in its child process, installs a handler
  // that prints the state of all actors. The child dies with this process.
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread(wait_for_interrupt, signals).detach();
}

}  // namespace fleetwright::cli
