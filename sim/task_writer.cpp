#include "sim/task_writer.hpp"

#include <algorithm>
#include <array>

namespace fleetwright {
namespace {

constexpr std::array lane_kinds{LaneKind::compute, LaneKind::collective, LaneKind::pipeline,
                                LaneKind::data_parallel};

}  // namespace

TaskWriter::TaskWriter(BuiltStep& step, const StepMachines& machines)
    : step_(step), machines_(machines) {
  for (int rank = 0; rank < step.plan.ranks(); ++rank) {
    for (const LaneKind kind : lane_kinds) lanes_.push_back(step.program.add_lane({rank, kind}));
  }
}

std::uint32_t TaskWriter::lane(int rank, LaneKind kind) const {
  return lanes_[static_cast<std::size_t>(rank) * lane_kinds.size() +
                static_cast<std::size_t>(kind)];
}

std::uint32_t TaskWriter::add_work(std::vector<WorkShare> shares) {
  step_.works.push_back(std::move(shares));
  return static_cast<std::uint32_t>(step_.works.size() - 1);
}

TaskId TaskWriter::kernels(const TaskPlace& place, std::string_view label, Seconds time,
                           std::uint32_t work, std::span<const TaskId> dependencies) {
  step_.work_of_task.push_back(work);
  step_.shape_of_task.push_back(-1);
  return step_.program.add_task({lane(place.rank, LaneKind::compute), time, place.activity, label,
                                 place.layer, place.micro_batch, place.stage},
                                dependencies);
}

// Shapes are few and a pass repeats them: the last ones first.
std::int32_t TaskWriter::shape_index(const TransferShape& shape) {
  const auto found = std::ranges::find(step_.shapes.rbegin(), step_.shapes.rend(), shape);
  if (found != step_.shapes.rend()) {
    return static_cast<std::int32_t>(step_.shapes.rend() - found) - 1;
  }
  step_.shapes.push_back(shape);
  return static_cast<std::int32_t>(step_.shapes.size()) - 1;
}

TaskId TaskWriter::transfer(const TaskPlace& place, LaneKind kind, const Transfer& transfer,
                            std::span<const TaskId> dependencies) {
  step_.shape_of_task.push_back(transfer.flows.empty() ? -1 : shape_index(transfer.shape));
  step_.work_of_task.push_back(add_work({{transfer.label, "", Seconds{1}, transfer.provenance}}));
  return step_.program.add_task({lane(place.rank, kind), transfer.delay, place.activity,
                                 transfer.label, place.layer, place.micro_batch, place.stage},
                                dependencies, transfer.flows);
}

}  // namespace fleetwright
