#include "sim/task_writer.hpp"

#include <array>

namespace fleetwright {
namespace {

constexpr std::array lane_kinds{LaneKind::compute, LaneKind::collective, LaneKind::pipeline,
                                LaneKind::data_parallel};

}  // namespace

TaskWriter::TaskWriter(BuiltStep& step, const StepSetup& setup, const TransferPlanner& transfers)
    : step_(step), transfers_(transfers), grid_(setup.job.strategy) {
  for (int rank = 0; rank < step.plan.ranks(); ++rank) {
    for (const LaneKind kind : lane_kinds) lanes_.push_back(step.program.add_lane({rank, kind}));
  }
}

std::uint32_t TaskWriter::lane(int rank, LaneKind kind) const {
  return lanes_[static_cast<std::size_t>(rank) * lane_kinds.size() +
                static_cast<std::size_t>(kind)];
}

int TaskWriter::gpu_of(int rank) const { return grid_.rank({0, 0, 0, rank}); }

std::uint32_t TaskWriter::add_work(std::vector<WorkShare> shares) {
  step_.works.push_back(std::move(shares));
  return static_cast<std::uint32_t>(step_.works.size() - 1);
}

TaskId TaskWriter::kernels(const TaskPlace& place, std::string_view label, Seconds time,
                           std::uint32_t work, std::span<const TaskId> dependencies) {
  step_.work_of_task.push_back(work);
  return step_.program.add_task({lane(place.rank, LaneKind::compute), time, place.activity, label,
                                 place.layer, place.micro_batch, place.stage},
                                dependencies);
}

TaskId TaskWriter::transfer(const TaskPlace& place, LaneKind kind, const Transfer& transfer,
                            std::span<const TaskId> dependencies) {
  step_.work_of_task.push_back(add_work({{transfer.label, "", Seconds{1}, transfer.provenance}}));
  return step_.program.add_task({lane(place.rank, kind), transfer.delay, place.activity,
                                 transfer.label, place.layer, place.micro_batch, place.stage},
                                dependencies, transfer.flows);
}

}  // namespace fleetwright
