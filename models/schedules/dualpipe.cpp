#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <queue>
#include <utility>

#include "models/core/error.hpp"
#include "models/schedules/builtin_schedules.hpp"

namespace fleetwright {
namespace {

/// The two streams of micro-batches as a rank sees them: `near` enters at this rank's end of the
/// pipeline, `far` at the other.
enum class Stream { near, far };

/// Collects the slots of one rank, each stream's micro-batches in ascending order.
class RankOrder {
 public:
  RankOrder(int rank, const PipelineShape& shape)
      : rank_(rank), ranks_(shape.ranks), half_micro_batches_(shape.micro_batches / 2) {}

  void forward(Stream stream) { add(next(Pass::forward, stream)); }
  void backward(Stream stream) { add(next(Pass::backward, stream)); }
  void pair(Stream forward, Stream backward) {
    const StagePass first = next(Pass::forward, forward);
    slots_.push_back({first, next(Pass::backward, backward)});
  }
  /// A backward that leaves its weight gradient to a later `weight_gradient()`, first in first out.
  void input_gradient(Stream stream) {
    StagePass pass = next(Pass::backward, stream);
    pass.pass = Pass::weight_gradient;
    pending_weights_.push(pass);
    pass.pass = Pass::input_gradient;
    add(pass);
  }
  void weight_gradient() {
    ensure(!pending_weights_.empty(), "a weight gradient before its input gradient");
    add(pending_weights_.front());
    pending_weights_.pop();
  }

  std::vector<ScheduleSlot> take() && {
    ensure(pending_weights_.empty(), "a weight gradient that is never computed");
    return std::move(slots_);
  }

 private:
  void add(const StagePass& pass) { slots_.push_back({pass, {}}); }

  StagePass next(Pass pass, Stream stream) {
    const bool first_half_rank = rank_ < ranks_ / 2;
    const int direction = (stream == Stream::near) == first_half_rank ? 0 : 1;
    auto& counts = pass == Pass::forward ? forwards_ : backwards_;
    const int nth = counts[static_cast<std::size_t>(direction)]++;
    ensure(nth < half_micro_batches_, "more passes than micro-batches");
    const int stage = direction == 0 ? rank_ : ranks_ - 1 - rank_;
    return {pass, stage, direction * half_micro_batches_ + nth};
  }

  int rank_;
  int ranks_;
  int half_micro_batches_;
  std::array<int, 2> forwards_{};  // by direction
  std::array<int, 2> backwards_{};
  std::queue<StagePass> pending_weights_;
  std::vector<ScheduleSlot> slots_;
};

/// DualPipe (DeepSeek-V3 technical report, arXiv 2412.19437 sec. 3.2.1). Rank r holds stage r for
/// the first half of the micro-batches and stage p - 1 - r for the second half, which runs the
/// other way. The order is that of github.com/deepseek-ai/DualPipe, dualpipe.py, steps 1 to 8.
class DualPipe final : public PipelineSchedule {
 public:
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
    for (int rank = 0; rank < shape.ranks; ++rank) {
      plan.stages_of_rank[static_cast<std::size_t>(rank)] = {rank, shape.ranks - 1 - rank};
      plan.slots[static_cast<std::size_t>(rank)] = order_of(rank, shape);
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

 private:
  static std::vector<ScheduleSlot> order_of(int rank, const PipelineShape& shape) {
    using enum Stream;
    const int to_end = std::min(rank, shape.ranks - 1 - rank);  // ranks between it and its end
    const int to_middle = shape.ranks / 2 - 1 - to_end;
    RankOrder order(rank, shape);

    for (int i = 0; i < 2 * to_middle; ++i) order.forward(near);  // step 1
    for (int i = 0; i <= to_end; ++i) {                           // step 2
      order.forward(near);
      order.forward(far);
    }
    for (int i = 0; i < to_middle; ++i) {  // step 3
      order.input_gradient(far);
      order.weight_gradient();
      order.forward(far);
    }
    const int main_steps = shape.micro_batches / 2 - shape.ranks + to_end + 1;
    for (int i = 0; i < main_steps; ++i) {  // step 4
      if (i == 0 && to_middle == 0) {
        // Upstream leaves this pair of the middle ranks apart: the next rank waits for its forward.
        order.forward(near);
        order.backward(far);
      } else {
        order.pair(near, far);
      }
      order.pair(far, near);
    }
    for (int i = 0; i < to_middle; ++i) {  // step 5
      order.backward(far);
      order.pair(far, near);
    }
    for (int i = 0; i < 2 * (to_end + 1); ++i) {  // step 6, its second half zero-bubble
      const Stream stream = i % 2 == 0 ? far : near;
      if (i <= to_end) {
        order.backward(stream);
      } else {
        order.input_gradient(stream);
      }
    }
    for (int i = 0; i < to_middle; ++i) {  // step 7
      order.weight_gradient();
      order.input_gradient(near);
    }
    for (int i = 0; i <= to_end; ++i) order.weight_gradient();  // step 8
    return std::move(order).take();
  }
};

}  // namespace

std::unique_ptr<PipelineSchedule> make_dualpipe() { return std::make_unique<DualPipe>(); }

}  // namespace fleetwright
