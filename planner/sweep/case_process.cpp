#include "planner/sweep/case_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "models/core/error.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX declares it nowhere

namespace fleetwright {
namespace {

// A report is some tens of kilobytes; what is far above is no report.
constexpr std::size_t most_report_bytes = std::size_t{64} << 20;
constexpr std::size_t most_error_bytes = std::size_t{64} << 10;

Error system_error(const char* what, int code) {
  return Error(fmt::format("cannot {}: {}", what, std::strerror(code)));
}

struct Pipe {
  int from = -1;
  int to = -1;

  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw system_error("open a pipe", errno);
    from = ends[0];
    to = ends[1];
    ::fcntl(from, F_SETFL, O_NONBLOCK);
  }
};

/// What posix_spawn is told, freed in any case.
struct SpawnSettings {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};

  SpawnSettings(const std::string& folder, int output, int errors) {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addchdir_np(&files, folder.c_str());
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO);
    // This program blocks SIGINT and takes it in a thread; the child begins with nothing blocked.
    sigset_t none;
    sigemptyset(&none);
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGXFSZ);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& t : texts) out.push_back(t.data());
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> arguments_of(const CaseCommand& command,
                                      const std::vector<Assignment>& assignments) {
  std::vector<std::string> out{command.program.string(), "estimate", "--quiet", "--format=json"};
  if (!command.engine.empty()) out.push_back("--engine=" + command.engine);
  if (const auto& [store, keep] = command.simulations; !store.empty()) {
    out.push_back("--store=" + store.string());
    if (!keep) out.emplace_back("--take-only");
  }
  for (const Assignment& a : assignments) out.push_back("--set=" + a.text());
  // Run in the folder of the scenario, so that reports name it the same from everywhere.
  out.push_back("./" + command.base.filename().string());
  return out;
}

std::vector<std::string> child_environment() {
  const std::string prefix = std::string(parent_variable) + "=";
  std::vector<std::string> out;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with(prefix)) out.emplace_back(*variable);
  }
  out.push_back(fmt::format("{}{}", prefix, ::getpid()));
  return out;
}

std::string without_line_end(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

void end_with_parent() {
  const char* parent = std::getenv(parent_variable);
  if (parent == nullptr) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // It may have ended before that call, and then there is another parent.
  if (std::to_string(::getppid()) != parent) ::_exit(1);
  ::unsetenv(parent_variable);
}

CaseProcess::CaseProcess(const CaseCommand& command, const std::vector<Assignment>& assignments)
    : time_limit_(command.time_limit),
      deadline_(Clock::now() + std::chrono::duration_cast<Clock::duration>(command.time_limit)) {
  const Pipe output;
  output_ = {output.from, {}, most_report_bytes};
  const Pipe errors;
  errors_ = {errors.from, {}, most_error_bytes};
  std::vector<std::string> arguments = arguments_of(command, assignments);
  std::vector<std::string> environment = child_environment();
  const std::string folder = command.base.parent_path().empty() ? "." : command.base.parent_path();
  const SpawnSettings settings(folder, output.to, errors.to);
  const int code =
      ::posix_spawn(&pid_, command.program.c_str(), &settings.files, &settings.attributes,
                    pointers_to(arguments).data(), pointers_to(environment).data());
  ::close(output.to);
  ::close(errors.to);
  if (code != 0) {
    pid_ = -1;
    output_.close();
    errors_.close();
    throw system_error(("start " + command.program.string()).c_str(), code);
  }
}

CaseProcess::~CaseProcess() {
  if (pid_ > 0) {
    kill();
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  output_.close();
  errors_.close();
}

void CaseProcess::kill() const { ::kill(-pid_, SIGKILL); }

std::optional<CaseOutcome> CaseProcess::advance() {
  output_.read_available();
  errors_.read_available();
  siginfo_t info{};
  const int failed = ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
  if (failed == 0 && info.si_pid == 0) {
    late_ = late_ || Clock::now() >= deadline_;
    if (late_ || output_.overflowed) kill();
    return std::nullopt;
  }
  // What it started may still be there, and what it wrote last may have come after the first look.
  kill();
  output_.read_available();
  errors_.read_available();
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return outcome_of(status);
}

CaseOutcome CaseProcess::outcome_of(int status) const {
  const std::string said = without_line_end(errors_.text);
  if (output_.overflowed) return {CaseEnd::failed, "", "the report is larger than 64 MiB"};
  if (late_) {
    return {CaseEnd::timed_out, "", fmt::format("not done within {:g} s", time_limit_.count())};
  }
  if (WIFSIGNALED(status)) {
    const std::string signal = ::strsignal(WTERMSIG(status));
    return {CaseEnd::crashed, "", signal + (said.empty() ? "" : "\n" + said)};
  }
  switch (WEXITSTATUS(status)) {
    case 0:
      if (nlohmann::json::accept(output_.text)) {
        return {CaseEnd::done, without_line_end(output_.text), ""};
      }
      return {CaseEnd::failed, "", "the report is not JSON"};
    case 2:
      return {CaseEnd::wrong_input, "", said};
    case 3:
      return {CaseEnd::infeasible, "", said};
    default:
      return {CaseEnd::failed, "",
              said.empty() ? fmt::format("exit code {}", WEXITSTATUS(status)) : said};
  }
}

void CaseProcess::Stream::read_available() {
  // A pipe holds one of these; who writes without end must not keep us here.
  std::array<char, 1 << 16> buffer{};
  for (int pieces = 0; fd >= 0 && pieces < 16; ++pieces) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n > 0) {
      const std::size_t room = most - text.size();
      text.append(buffer.data(), std::min(room, static_cast<std::size_t>(n)));
      overflowed = overflowed || static_cast<std::size_t>(n) > room;
    } else if (n == 0) {
      close();
    } else if (errno != EINTR) {
      return;
    }
  }
}

void CaseProcess::Stream::close() {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

}  // namespace fleetwright
