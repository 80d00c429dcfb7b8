#pragma once

#include <vector>

#include "sim/fabric.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// A step program that is run again and again with slower parts, as a longest path: each transfer
/// has its links to itself. The program and the links must outlive this.
class StepReplay {
 public:
  StepReplay(const StepProgram& program, const std::vector<FabricLink>& links);

  /// The time of the step where each link has a part of its capacity, and the kernels of each
  /// pipeline rank a part of their speed.
  [[nodiscard]] Seconds time(const std::vector<double>& link_speed,
                             const std::vector<double>& rank_speed) const;
  [[nodiscard]] std::vector<double> full_link_speed() const;
  [[nodiscard]] std::vector<double> full_rank_speed() const;

  /// A GPU that stands for a pipeline rank: the one that sends first; -1 if it sends nothing.
  [[nodiscard]] int sender_of_rank(int rank) const;

 private:
  /// A task, as far as its time depends on the speeds.
  struct Step {
    Seconds delay;
    std::uint32_t rank = 0;        // whose kernels it is; behind the last of them if it is none
    std::uint32_t transfer = 0;    // of `transfers_`
    std::uint32_t successors = 0;  // where they end in `successors_`; they begin with the last's
  };

  [[nodiscard]] Seconds slowest_flow(const Task& task, const std::vector<double>& link_speed) const;

  const StepProgram* program_;
  const std::vector<FabricLink>* links_;
  std::vector<Step> steps_;                // each behind those that it waits for
  std::vector<std::uint32_t> successors_;  // places in `steps_`
  std::vector<TaskId> transfers_;          // one task of each kind: most send what others do
  std::uint32_t ranks_ = 0;
};

}  // namespace fleetwright
