#pragma once

#include <cstdint>

#include "profiles/gpu/kernels/on_both.hpp"

namespace fleetwright::gpu::hopper {

/// The place of a producer or a consumer in a ring of stages. Each stage has a barrier `full` and a
/// barrier `empty`; `phase` is the parity of the round. A consumer waits for full at `phase`, and a
/// producer for empty at the other parity: a barrier that has never completed counts as completed
/// with parity 1, so that the first round of the producer does not wait.
struct RingPlace {
  std::uint32_t stage = 0;
  std::uint32_t phase = 0;

  FLEETWRIGHT_ON_BOTH constexpr void advance(std::uint32_t stages) {
    if (++stage == stages) {
      stage = 0;
      phase ^= 1;
    }
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr std::uint32_t full_parity() const { return phase; }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr std::uint32_t empty_parity() const {
    return phase ^ 1;
  }
};

}  // namespace fleetwright::gpu::hopper
