#pragma once

#include <vector>

#include "sim/fabric.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// A step program that is run again and again with slower parts, as a longest path: each transfer
/// has its links to itself. The program and the fabric must outlive this.
class StepReplay {
 public:
  StepReplay(const StepProgram& program, const Fabric& fabric);

  /// The time of the step where each link has a part of its capacity, and the kernels of each
  /// pipeline rank a part of their speed.
  [[nodiscard]] Seconds time(const std::vector<double>& link_speed,
                             const std::vector<double>& rank_speed) const;
  [[nodiscard]] std::vector<double> full_link_speed() const;
  [[nodiscard]] std::vector<double> full_rank_speed() const;

  /// The links of the NIC of the GPU that stands for a pipeline rank; none if it sends nothing.
  [[nodiscard]] std::vector<LinkId> nic_of_rank(int rank) const;
  /// The links of all NICs.
  [[nodiscard]] std::vector<LinkId> nics() const;

 private:
  const StepProgram* program_;
  const Fabric* fabric_;
  StepProgram::Successors successors_;
  std::vector<TaskId> order_;
  int ranks_ = 0;
};

}  // namespace fleetwright
