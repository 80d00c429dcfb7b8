#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <vector>

#include "planner/sweep/case_process.hpp"

namespace fleetwright {

/// Cases that run at the same time, each in a process of its own. Destroying it kills them.
class CasePool {
 public:
  explicit CasePool(CaseCommand command) : command_(std::move(command)) {}

  struct Ended {
    std::size_t number = 0;
    CaseOutcome outcome;
  };

  /// A process that cannot be started is a failed case.
  void start(std::size_t number, const std::vector<Assignment>& assignments);
  /// Those that have ended, after at most `longest`; returns as soon as there is one.
  [[nodiscard]] std::vector<Ended> wait(std::chrono::milliseconds longest);
  [[nodiscard]] std::size_t running() const { return running_.size() + not_started_.size(); }

 private:
  struct Running {
    Running(std::size_t of, const CaseCommand& command, const std::vector<Assignment>& assignments)
        : number(of), process(command, assignments) {}
    std::size_t number;
    CaseProcess process;
  };

  void sleep_until_output(std::chrono::milliseconds longest) const;

  CaseCommand command_;
  std::list<Running> running_;
  std::vector<Ended> not_started_;
};

}  // namespace fleetwright
