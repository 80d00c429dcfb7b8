// The protocol of the ring of stages, with barriers as the hardware has them, in any order of
// steps: no stage is read before it is full or filled before every reader has left it.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <optional>
#include <vector>

#include "profiles/gpu/kernels/hopper/ring.hpp"

namespace fleetwright::gpu::hopper {
namespace {

/// Counts arrivals; a wait sees only the parity of the phase.
class PhaseBarrier {
 public:
  explicit PhaseBarrier(int arrivals) : arrivals_(arrivals), pending_(arrivals) {}
  void arrive() {
    if (--pending_ == 0) {
      phase_ ^= 1;
      pending_ = arrivals_;
    }
  }
  [[nodiscard]] bool passed(std::uint32_t parity) const { return phase_ != parity; }

 private:
  int arrivals_, pending_;
  std::uint32_t phase_ = 0;
};

struct Stage {
  PhaseBarrier full{1};
  PhaseBarrier empty;
  std::optional<int> holds;  // the number of what was loaded
  int readers = 0;           // that have not left
};

RC_GTEST_PROP(HopperRing, KeepsProducerAndConsumersApart, ()) {
  const auto stages = static_cast<std::uint32_t>(*rc::gen::inRange(1, 9));
  const int consumers = *rc::gen::inRange(1, 5);
  // Loops of any length one after another, as a persistent kernel has them.
  const auto loops = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 20));
  int chunks = 0;
  for (const int loop : loops) chunks += loop;
  std::vector<Stage> ring(stages, Stage{PhaseBarrier(1), PhaseBarrier(consumers), {}, 0});
  RingPlace producer;
  int produced = 0;
  std::vector<RingPlace> places(static_cast<std::size_t>(consumers));
  std::vector<int> consumed(places.size(), 0);

  const auto produce = [&] {
    if (produced == chunks) return false;
    Stage& s = ring[producer.stage];
    if (!s.empty.passed(producer.empty_parity())) return false;
    RC_ASSERT(s.readers == 0);
    s.holds = produced++;
    s.readers = consumers;
    s.full.arrive();
    producer.advance(stages);
    return true;
  };
  const auto consume = [&](std::size_t c) {
    if (consumed[c] == chunks) return false;
    Stage& s = ring[places[c].stage];
    if (!s.full.passed(places[c].full_parity())) return false;
    RC_ASSERT(s.holds == consumed[c]);
    ++consumed[c];
    --s.readers;
    s.empty.arrive();
    places[c].advance(stages);
    return true;
  };

  // Steps in random order; where none of some tries can be taken, each must be tried.
  const auto order = *rc::gen::container<std::vector<int>>(200, rc::gen::inRange(0, consumers + 1));
  for (std::size_t i = 0;; ++i) {
    const int who = order[i % order.size()];
    if (who == 0 ? produce() : consume(static_cast<std::size_t>(who - 1))) continue;
    bool any = produce();
    for (std::size_t c = 0; c < places.size(); ++c) any |= consume(c);
    if (!any) break;
  }
  RC_ASSERT(produced == chunks);
  for (const int count : consumed) RC_ASSERT(count == chunks);
}

}  // namespace
}  // namespace fleetwright::gpu::hopper
