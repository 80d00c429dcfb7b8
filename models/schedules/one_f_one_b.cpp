#include <algorithm>

#include "models/core/error.hpp"
#include "models/schedules/builtin_schedules.hpp"

namespace fleetwright {
namespace {

/// PipeDream-Flush (arXiv 2006.09503 sec. 3.2), the default of Megatron-LM (arXiv 2104.04473
/// sec. 2.2.1): rank r starts with p - 1 - r forwards, then takes one forward and one backward in
/// turn, and so keeps p - r micro-batches alive instead of all.
class OneFOneB final : public PipelineSchedule {
 public:
  std::optional<int> fixed_chunks() const override { return 1; }

  std::optional<std::string> refuses(const PipelineShape& shape) const override {
    if (auto rule = refuses_empty_shape(shape)) return rule;
    return refuses_other_chunks("1f1b", 1, shape);
  }

  PipelinePlan plan(const PipelineShape& shape) const override {
    ensure(!refuses(shape), "a plan of a shape that 1f1b refuses");
    PipelinePlan plan = empty_plan(shape.ranks, shape.ranks, shape.micro_batches);
    for (int rank = 0; rank < shape.ranks; ++rank) {
      plan.stages_of_rank[static_cast<std::size_t>(rank)] = {rank};
      auto& slots = plan.slots[static_cast<std::size_t>(rank)];
      const int warm_up = std::min(shape.ranks - 1 - rank, shape.micro_batches);
      // Step i brings forward i and backward i - warm_up, where there is one.
      for (int step = 0; step < shape.micro_batches + warm_up; ++step) {
        if (step < shape.micro_batches) slots.push_back({{Pass::forward, rank, step}, {}});
        if (step >= warm_up) slots.push_back({{Pass::backward, rank, step - warm_up}, {}});
      }
    }
    fill_rank_table(plan);
    return plan;
  }

  /// arXiv 2104.04473 sec. 2.2.1: t_pb = (p - 1)(t_f + t_b).
  std::optional<double> bubble(const PipelineShape& shape, double forward, double backward,
                               double /*weight*/, double /*forward_backward*/) const override {
    return (shape.ranks - 1) * (forward + backward);
  }
};

}  // namespace

std::unique_ptr<PipelineSchedule> make_one_f_one_b() { return std::make_unique<OneFOneB>(); }

}  // namespace fleetwright
