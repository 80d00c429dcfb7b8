#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "models/core/error.hpp"
#include "models/schedules/builtin_schedules.hpp"
#include "models/schedules/dualpipe_order.hpp"

namespace fleetwright {
namespace {

/// DualPipe (DeepSeek-V3 technical report, arXiv 2412.19437 sec. 3.2.1). Rank r holds stage r for
/// the first half of the micro-batches and stage p - 1 - r for the second half, which runs the
/// other way.
class DualPipe final : public PipelineSchedule {
 public:
  std::optional<int> fixed_chunks() const override { return 1; }

  std::optional<std::string> refuses(const PipelineShape& shape) const override {
    if (auto rule = refuses_empty_shape(shape)) return rule;
    if (shape.ranks % 2 != 0) {
      const std::string fewer = shape.ranks > 1 ? fmt::format("{} or ", shape.ranks - 1) : "";
      return fmt::format("dualpipe needs an even number of pipeline ranks: {} is odd (use {}{})",
                         shape.ranks, fewer, shape.ranks + 1);
    }
    // As upstream asserts: each direction must fill the pipeline once.
    if (shape.micro_batches < 2 * shape.ranks) {
      return fmt::format("dualpipe needs at least 2 x pp micro-batches: {} < {}",
                         shape.micro_batches, 2 * shape.ranks);
    }
    if (shape.micro_batches % 2 != 0) {
      return fmt::format("dualpipe needs an even number of micro-batches: {} is odd (use {} or {})",
                         shape.micro_batches, shape.micro_batches - 1, shape.micro_batches + 1);
    }
    return std::nullopt;
  }

  PipelinePlan plan(const PipelineShape& shape) const override {
    ensure(!refuses(shape), "a plan of a shape that dualpipe refuses");
    PipelinePlan plan = empty_plan(shape.ranks, shape.ranks, shape.micro_batches);
    plan.copies_of_each_stage = 2;
    const int half = shape.micro_batches / 2;
    for (int rank = 0; rank < shape.ranks; ++rank) {
      const int mirrored = shape.ranks - 1 - rank;
      DualPipePlace place;
      place.to_end = std::min(rank, mirrored);
      place.to_middle = shape.ranks / 2 - 1 - place.to_end;
      place.near = {rank, 0};
      place.far = {mirrored, half};
      if (rank > mirrored) std::swap(place.near, place.far);
      place.micro_batches = half;
      plan.stages_of_rank[static_cast<std::size_t>(rank)] = {rank, mirrored};
      plan.slots[static_cast<std::size_t>(rank)] = dualpipe_order(place);
    }
    fill_rank_table(plan);
    return plan;
  }

  /// Table 2 of arXiv 2412.19437: (p / 2 - 1)(F&B + B - 3W). Exact for this order where F and the
  /// input gradient take the same time and W no longer, as in the figure of the report.
  std::optional<double> bubble(const PipelineShape& shape, double /*forward*/, double backward,
                               double weight, double forward_backward) const override {
    const int half = shape.ranks / 2;
    return (half - 1) * (forward_backward + backward - 3 * weight);
  }
};

}  // namespace

std::unique_ptr<PipelineSchedule> make_dualpipe() { return std::make_unique<DualPipe>(); }

}  // namespace fleetwright
