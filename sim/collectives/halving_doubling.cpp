#include <algorithm>
#include <bit>
#include <numeric>

#include "sim/collectives/builtin_collectives.hpp"

namespace fleetwright {
namespace {

bool is_power_of_two(int n) { return n > 0 && std::has_single_bit(static_cast<unsigned>(n)); }

double log2_of(int n) { return std::bit_width(static_cast<unsigned>(n)) - 1.0; }

/// Recursive halving and doubling (Thakur, Rabenseifner, Gropp 2005, section 4.4), near partners
/// first while there is much to send: those are in the same node.
class HalvingDoubling : public CollectiveAlgorithm {
 public:
  [[nodiscard]] bool supports(CollectiveKind kind, const CollectiveGroup& group) const override {
    return !is_all_to_all(kind) && group.ranks() > 1 && is_power_of_two(group.nodes) &&
           is_power_of_two(group.per_node);
  }

  [[nodiscard]] CollectiveWork work(CollectiveKind kind, Bytes bytes,
                                    const CollectiveGroup& group) const override {
    const double passes = passes_of(kind);
    CollectiveWork work;
    work.scale_up_steps = passes * log2_of(group.per_node);
    work.scale_out_steps = passes * log2_of(group.nodes);
    work.scale_up = bytes * (passes * (1.0 - 1.0 / group.per_node));
    work.scale_out = bytes * (passes * (1.0 - 1.0 / group.nodes) / group.per_node);
    work.pattern = TransferPattern::exchange;
    return work;
  }

  [[nodiscard]] CollectiveScore score(CollectiveKind kind,
                                      const CollectiveGroup& group) const override {
    CollectiveScore score;
    const int ranks = group.ranks();
    score.chunks = ranks;
    score.owner.resize(static_cast<std::size_t>(ranks));
    std::iota(score.owner.begin(), score.owner.end(), 0);
    if (kind != CollectiveKind::all_gather) {
      for (int distance = 1; distance < ranks; distance *= 2) {
        add_exchange(ranks, distance, true, score);
      }
    }
    if (kind != CollectiveKind::reduce_scatter) {
      for (int distance = ranks / 2; distance > 0; distance /= 2) {
        add_exchange(ranks, distance, false, score);
      }
    }
    return score;
  }

 private:
  // Before the exchange at a distance a rank is in charge of the chunks that agree with it in all
  // smaller bits; it gives away those that agree with its partner in this bit too. Doubling goes
  // back the same way.
  static void add_exchange(int ranks, int distance, bool adds, CollectiveScore& score) {
    std::vector<ChunkMove>& round = score.rounds.emplace_back();
    for (int rank = 0; rank < ranks; ++rank) {
      const int partner = rank ^ distance;
      const int whose = adds ? partner : rank;
      ChunkMove move{rank, partner, {}, adds};
      for (int chunk = 0; chunk < ranks; ++chunk) {
        if (((chunk ^ whose) & (2 * distance - 1)) == 0) move.chunks.push_back(chunk);
      }
      round.push_back(std::move(move));
    }
  }
};

}  // namespace

std::unique_ptr<CollectiveAlgorithm> make_halving_doubling() {
  return std::make_unique<HalvingDoubling>();
}

}  // namespace fleetwright
