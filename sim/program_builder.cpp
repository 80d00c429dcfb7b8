#include "sim/program_builder.hpp"

#include "models/core/error.hpp"
#include "profiles/hardware_data.hpp"
#include "profiles/time_models/in_step.hpp"
#include "profiles/time_models/profiled.hpp"
#include "profiles/time_models/remembered.hpp"
#include "sim/slot_writer.hpp"
#include "sim/update_writer.hpp"

namespace fleetwright {

PipelinePlan pipeline_plan(const ParallelStrategy& strategy) {
  const auto* row = find_row(builtin_schedules(), strategy.schedule);
  ensure(row != nullptr, "a strategy's schedule must be a known one");
  return row->make()->plan({strategy.pp, strategy.vpp, strategy.micro_batches()});
}

std::unique_ptr<OperatorTimeModel> make_time_model(const StepSetup& setup) {
  SoftwareStack stack = setup.stack;
  if (setup.job.precision.gemm == Precision::fp8) {
    stack.expert_slowdown.value *= stack.tensor_scaled_slowdown.value;
  }
  return std::make_unique<RememberedTimeModel>(std::make_unique<InStepTimeModel>(
      make_kernel_time_model(setup), setup.cluster.accelerator, stack));
}

std::unique_ptr<OperatorTimeModel> make_kernel_time_model(const StepSetup& setup) {
  return std::make_unique<ProfiledTimeModel>(setup.cluster.accelerator, setup.stack,
                                             hardware_data().accelerators,
                                             hardware_data().profiles);
}

BuiltStep build_step(const StepSetup& setup, const Fabric& fabric, const OperatorTimeModel& times) {
  BuiltStep step;
  step.plan = pipeline_plan(setup.job.strategy);
  step.stages = lay_out_stages(setup, times, step.plan);
  const TransferPlanner transfers(setup, fabric, step.plan.copies_of_each_stage);
  write_program(step, StepMachines(setup, times, transfers, step.plan.ranks()));
  return step;
}

void write_program(BuiltStep& step, const StepMachines& machines) {
  TaskWriter writer(step, machines);
  SlotWriter slots(writer, step);
  for (int rank = 0; rank < step.plan.ranks(); ++rank) {
    std::vector<SlotKernels>& kernels = step.slot_kernels.emplace_back();
    for (const ScheduleSlot& slot : step.plan.slots[static_cast<std::size_t>(rank)]) {
      kernels.push_back(slots.write(rank, slot));
    }
  }
  slots.connect_stages();
  UpdateWriter(writer, step).write(slots);
}

}  // namespace fleetwright
