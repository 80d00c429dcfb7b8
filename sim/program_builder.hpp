#pragma once

#include <memory>
#include <vector>

#include "models/stage_operators.hpp"
#include "profiles/operator_time.hpp"
#include "sim/collectives/transfer_shape.hpp"
#include "sim/fabric.hpp"
#include "sim/pass_items.hpp"
#include "sim/step_estimate.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// The first and the last kernels of a slot of a rank's order.
struct SlotKernels {
  TaskId first = 0;
  TaskId last = 0;
};

/// The program of one step on the represented GPUs: the first GPU of each pipeline rank, which all
/// others of its stage mirror. `work_of_task[t]` says what kernels or links task t is made of.
struct BuiltStep {
  StepProgram program;
  std::vector<std::vector<WorkShare>> works;
  std::vector<std::uint32_t> work_of_task;
  std::vector<TransferShape> shapes;        // of transfers, each once
  std::vector<std::int32_t> shape_of_task;  // -1: kernels, or a transfer without flows
  std::vector<StageContent> stages;
  PipelinePlan plan;
  std::vector<std::vector<SlotKernels>> slot_kernels;  // as plan.slots
};

/// How long kernels of a setup's accelerator and software take inside a step.
[[nodiscard]] std::unique_ptr<OperatorTimeModel> make_time_model(const StepSetup& setup);
/// How long they take alone, as benchmarks and short profiles show them.
[[nodiscard]] std::unique_ptr<OperatorTimeModel> make_kernel_time_model(const StepSetup& setup);

/// Layers of each stage: the job's own, or by the setup's layout. "balanced" makes the slowest
/// stage as fast as it can be, in a V the slowest rank.
[[nodiscard]] std::vector<StageContent> lay_out_stages(const StepSetup& setup,
                                                       const OperatorTimeModel& times,
                                                       const PipelinePlan& plan);

/// The order of passes of a strategy.
[[nodiscard]] PipelinePlan pipeline_plan(const ParallelStrategy& strategy);

[[nodiscard]] BuiltStep build_step(const StepSetup& setup, const Fabric& fabric,
                                   const OperatorTimeModel& times);

class StepMachines;

/// Writes the program of a step whose plan and stages are known.
void write_program(BuiltStep& step, const StepMachines& machines);

}  // namespace fleetwright
