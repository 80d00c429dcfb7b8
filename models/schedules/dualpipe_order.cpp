#include "models/schedules/dualpipe_order.hpp"

#include <queue>
#include <utility>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

enum class Stream { near, far };

/// Collects the slots of one rank, each stream's micro-batches in ascending order.
class RankOrder {
 public:
  explicit RankOrder(const DualPipePlace& place) : place_(place) {}

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
    auto& counts = pass == Pass::forward ? forwards_ : backwards_;
    const int nth = counts[static_cast<std::size_t>(stream)]++;
    ensure(nth < place_.micro_batches, "more passes than micro-batches");
    const DualPipeStream& from = stream == Stream::near ? place_.near : place_.far;
    return {pass, from.stage, from.first_micro_batch + nth};
  }

  const DualPipePlace& place_;
  std::array<int, 2> forwards_{};  // by stream
  std::array<int, 2> backwards_{};
  std::queue<StagePass> pending_weights_;
  std::vector<ScheduleSlot> slots_;
};

}  // namespace

std::vector<ScheduleSlot> dualpipe_order(const DualPipePlace& place) {
  using enum Stream;
  const int to_end = place.to_end;
  const int to_middle = place.to_middle;
  RankOrder order(place);

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
  const int main_steps = place.micro_batches - to_end - 2 * to_middle - 1;
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

}  // namespace fleetwright
