#include <fmt/core.h>

#include "models/core/error.hpp"
#include "models/schedules/builtin_schedules.hpp"
#include "models/schedules/dualpipe_order.hpp"

namespace fleetwright {
namespace {

/// DualPipeV (README of github.com/deepseek-ai/DualPipe): DualPipe cut in half. Where its middle
/// ranks sent to each other, the last rank goes on with its second stage, so each micro-batch runs
/// down the ranks and back up, and one copy of the parameters is enough.
class DualPipeV final : public PipelineSchedule {
 public:
  std::optional<int> fixed_chunks() const override { return 2; }

  std::optional<std::string> refuses(const PipelineShape& shape) const override {
    if (auto rule = refuses_empty_shape(shape)) return rule;
    if (auto rule = refuses_other_chunks("dualpipe-v", 2, shape)) return rule;
    // As upstream asserts.
    if (shape.micro_batches < 2 * shape.ranks) {
      return fmt::format("dualpipe-v needs at least 2 x pp micro-batches: {} < {}",
                         shape.micro_batches, 2 * shape.ranks);
    }
    return std::nullopt;
  }

  PipelinePlan plan(const PipelineShape& shape) const override {
    ensure(!refuses(shape), "a plan of a shape that dualpipe-v refuses");
    PipelinePlan plan = empty_plan(shape.ranks, 2 * shape.ranks, shape.micro_batches);
    for (int rank = 0; rank < shape.ranks; ++rank) {
      const int mirrored = 2 * shape.ranks - 1 - rank;
      plan.stages_of_rank[static_cast<std::size_t>(rank)] = {rank, mirrored};
      plan.slots[static_cast<std::size_t>(rank)] = dualpipe_order(
          {rank, shape.ranks - 1 - rank, {rank, 0}, {mirrored, 0}, shape.micro_batches});
    }
    fill_rank_table(plan);
    return plan;
  }

  /// README of github.com/deepseek-ai/DualPipe: (PP / 2 - 1)(F&B + B - 3W) for PP = 2p stages, with
  /// the times of one stage, which are half of what is given here. Exact as DualPipe's is.
  std::optional<double> bubble(const PipelineShape& shape, double /*forward*/, double backward,
                               double weight, double forward_backward) const override {
    return (shape.ranks - 1) * (forward_backward + backward - 3 * weight) / 2;
  }
};

}  // namespace

std::unique_ptr<PipelineSchedule> make_dualpipe_v() { return std::make_unique<DualPipeV>(); }

}  // namespace fleetwright
