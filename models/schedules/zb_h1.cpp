#include <algorithm>

#include "models/core/error.hpp"
#include "models/schedules/builtin_schedules.hpp"

namespace fleetwright {
namespace {

/// ZB-H1 (arXiv 2401.10241 sec. 2.1, figure 3 top), also called ZB1P: the order of 1F1B with the
/// weight gradients of rank r held back by r micro-batches. Gradients reach the ranks before it
/// sooner, what is held back fills the end of the step, and every rank keeps p micro-batches alive.
class ZbH1 final : public PipelineSchedule {
 public:
  std::optional<int> fixed_chunks() const override { return 1; }

  std::optional<std::string> refuses(const PipelineShape& shape) const override {
    if (auto rule = refuses_empty_shape(shape)) return rule;
    return refuses_other_chunks("zb-h1", 1, shape);
  }

  PipelinePlan plan(const PipelineShape& shape) const override {
    ensure(!refuses(shape), "a plan of a shape that zb-h1 refuses");
    PipelinePlan plan = empty_plan(shape.ranks, shape.ranks, shape.micro_batches);
    for (int rank = 0; rank < shape.ranks; ++rank) {
      plan.stages_of_rank[static_cast<std::size_t>(rank)] = {rank};
      auto& slots = plan.slots[static_cast<std::size_t>(rank)];
      const auto add = [&](Pass pass, int micro_batch) {
        if (micro_batch < 0 || micro_batch >= shape.micro_batches) return;
        slots.push_back({{pass, rank, micro_batch}, {}});
      };
      const int warm_up = std::min(shape.ranks - 1 - rank, shape.micro_batches);
      const int held_back = std::min(rank, shape.micro_batches);
      for (int step = 0; step < shape.micro_batches + warm_up + held_back; ++step) {
        add(Pass::forward, step);
        add(Pass::input_gradient, step - warm_up);
        add(Pass::weight_gradient, step - warm_up - held_back);
      }
    }
    fill_rank_table(plan);
    return plan;
  }

  /// arXiv 2401.10241 table 2: (p - 1)(T_F + T_B - T_W) with T_B the input gradient alone. Exact
  /// for at least p micro-batches where the weight gradient is the shortest of the three.
  std::optional<double> bubble(const PipelineShape& shape, double forward, double backward,
                               double weight, double /*forward_backward*/) const override {
    return (shape.ranks - 1) * (forward + backward - 2 * weight);
  }
};

}  // namespace

std::unique_ptr<PipelineSchedule> make_zb_h1() { return std::make_unique<ZbH1>(); }

}  // namespace fleetwright
