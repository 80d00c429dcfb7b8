#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "sim/program_builder.hpp"
#include "sim/step_machines.hpp"

namespace fleetwright {

/// Where a task stands in the step, for traces and accounting.
struct TaskPlace {
  int rank = 0;
  Activity activity = Activity::forward;
  int layer = -1;
  int micro_batch = -1;
  int stage = -1;
};

/// Adds tasks to a step's program together with the record of what they are made of.
class TaskWriter {
 public:
  /// Both must outlive this.
  TaskWriter(BuiltStep& step, const StepMachines& machines);

  /// A stretch of kernels; `work` indexes the step's works.
  TaskId kernels(const TaskPlace& place, std::string_view label, Seconds time, std::uint32_t work,
                 std::span<const TaskId> dependencies);
  TaskId transfer(const TaskPlace& place, LaneKind kind, const Transfer& transfer,
                  std::span<const TaskId> dependencies);
  /// Keeps the shares of a stretch of kernels for later tasks.
  std::uint32_t add_work(std::vector<WorkShare> shares);

  [[nodiscard]] const StepMachines& machines() const { return machines_; }
  /// What the machines of a rank do.
  [[nodiscard]] const StepSetup& setup(int rank) const { return *machines_.of(rank).setup; }
  [[nodiscard]] StepProgram& program() { return step_.program; }

 private:
  [[nodiscard]] std::uint32_t lane(int rank, LaneKind kind) const;
  [[nodiscard]] std::int32_t shape_index(const TransferShape& shape);

  BuiltStep& step_;
  const StepMachines& machines_;
  std::vector<std::uint32_t> lanes_;
};

}  // namespace fleetwright
