#include <bit>
#include <numeric>

#include "sim/collectives/binary_trees.hpp"
#include "sim/collectives/builtin_collectives.hpp"

namespace fleetwright {
namespace {

/// NCCL's NVLS tree: switches add up inside nodes, and on each rail two binary trees, for half of
/// its chunk each, join the nodes.
class NvlsTree : public CollectiveAlgorithm {
 public:
  [[nodiscard]] bool supports(CollectiveKind kind, const CollectiveGroup& group) const override {
    return kind == CollectiveKind::all_reduce && group.per_node > 1 && group.nodes > 1;
  }

  [[nodiscard]] CollectiveWork work(CollectiveKind /*kind*/, Bytes bytes,
                                    const CollectiveGroup& group) const override {
    const double in_node = group.per_node;
    CollectiveWork work;
    work.scale_up_steps = 1;
    work.scale_out_steps = 2 * (std::bit_width(static_cast<unsigned>(group.nodes)) - 1.0);
    work.scale_up = bytes * (1.0 + 1.0 / in_node);
    work.scale_out = bytes * (busiest_in_trees(group.nodes) / in_node);
    return work;
  }

  // Chunks 2 r and 2 r + 1 are rail r's.
  [[nodiscard]] CollectiveScore score(CollectiveKind /*kind*/,
                                      const CollectiveGroup& group) const override {
    CollectiveScore score;
    score.chunks = 2 * group.per_node;
    std::vector<int> all(static_cast<std::size_t>(score.chunks));
    std::iota(all.begin(), all.end(), 0);
    std::vector<ChunkMove> add_up;
    std::vector<ChunkMove> collect;
    std::vector<ChunkMove> hand_in;
    std::vector<ChunkMove> spread;
    for (int rank = 0; rank < group.ranks(); ++rank) {
      const int node_switch = group.ranks() + rank / group.per_node;
      const int rail = rank % group.per_node;
      add_up.push_back({rank, node_switch, all, true});
      collect.push_back({node_switch, rank, {2 * rail, 2 * rail + 1}, false});
      hand_in.push_back({rank, node_switch, {2 * rail, 2 * rail + 1}, false});
      spread.push_back({node_switch, rank, all, false});
    }
    score.rounds = {add_up, collect};
    for (const bool up : {true, false}) {
      add_tree_rounds(group.nodes, up, score.rounds, [&](int from, int to, int tree) {
        std::vector<ChunkMove> moves;
        for (int rail = 0; rail < group.per_node; ++rail) {
          moves.push_back(
              {from * group.per_node + rail, to * group.per_node + rail, {2 * rail + tree}, up});
        }
        return moves;
      });
    }
    score.rounds.push_back(hand_in);
    score.rounds.push_back(spread);
    return score;
  }
};

}  // namespace

std::unique_ptr<CollectiveAlgorithm> make_nvls_tree() { return std::make_unique<NvlsTree>(); }

}  // namespace fleetwright
