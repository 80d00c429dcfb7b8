#include "sim/collectives/ring_passes.hpp"

namespace fleetwright {
namespace {

void add_steps(const std::vector<RingOf>& rings, int behind, bool adds,
               std::vector<std::vector<ChunkMove>>& rounds) {
  const int n = static_cast<int>(rings.front().members.size());
  for (int step = 0; step < n - 1; ++step) {
    std::vector<ChunkMove>& round = rounds.emplace_back();
    for (const RingOf& ring : rings) {
      for (int at = 0; at < n; ++at) {
        const int whose = (at - step - behind + 2 * n) % n;
        round.push_back({ring.members[static_cast<std::size_t>(at)],
                         ring.members[static_cast<std::size_t>((at + 1) % n)],
                         ring.chunks_of(whose), adds});
      }
    }
  }
}

}  // namespace

void add_ring_reduce_scatter(const std::vector<RingOf>& rings,
                             std::vector<std::vector<ChunkMove>>& rounds) {
  add_steps(rings, 1, true, rounds);
}

void add_ring_all_gather(const std::vector<RingOf>& rings,
                         std::vector<std::vector<ChunkMove>>& rounds) {
  add_steps(rings, 0, false, rounds);
}

}  // namespace fleetwright
