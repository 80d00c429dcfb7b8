#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "planner/sweep/case_outcome.hpp"
#include "planner/sweep/sweep_spec.hpp"

namespace fleetwright {

/// How the cases of a sweep are computed: by which program, on which scenario, for how long.
struct CaseCommand {
  std::filesystem::path program;  // fleetwright, absolute
  std::filesystem::path base;     // the scenario file
  std::string engine;             // empty: the scenario's
  std::chrono::duration<double> time_limit{600};
  struct Simulations {
    std::filesystem::path store;  // that they are taken from, absolute; empty: none
    bool keep = false;            // and go to
  } simulations;
};

/// The environment variable by which a program is told whose end it must not outlive.
constexpr const char* parent_variable = "FLEETWRIGHT_PARENT";

/// In a program that a sweep started: ends it with the sweep, also if that is killed. Elsewhere
/// nothing.
void end_with_parent();

/// A running `fleetwright estimate` of one case, in a process group of its own, started without a
/// shell. Destroying it kills it.
class CaseProcess {
 public:
  /// Throws Error if the process cannot be started.
  CaseProcess(const CaseCommand& command, const std::vector<Assignment>& assignments);
  CaseProcess(const CaseProcess&) = delete;
  CaseProcess& operator=(const CaseProcess&) = delete;
  ~CaseProcess();

  /// The ends of its output and error streams, -1 once closed.
  [[nodiscard]] int output() const { return output_.fd; }
  [[nodiscard]] int errors() const { return errors_.fd; }

  /// Takes what has been written so far and kills the process when its time is over. The outcome
  /// once it has ended.
  [[nodiscard]] std::optional<CaseOutcome> advance();

 private:
  using Clock = std::chrono::steady_clock;
  struct Stream {
    int fd = -1;
    std::string text;
    std::size_t most = 0;
    bool overflowed = false;

    void read_available();
    void close();
  };

  void kill() const;
  [[nodiscard]] CaseOutcome outcome_of(int status) const;

  pid_t pid_ = -1;
  Stream output_;
  Stream errors_;
  std::chrono::duration<double> time_limit_;
  Clock::time_point deadline_;
  bool late_ = false;
};

}  // namespace fleetwright
