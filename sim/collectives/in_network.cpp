#include "sim/collectives/builtin_collectives.hpp"

namespace fleetwright {
namespace {

/// All-reduce by switches that add up. Inside a node each GPU has the switch add one chunk up and
/// spreads the result through it (NVLink SHARP); between, the chunk goes once up to the network's
/// switches and comes back (SHARP).
class InNetwork : public CollectiveAlgorithm {
 public:
  [[nodiscard]] bool supports(CollectiveKind kind, const CollectiveGroup& group) const override {
    return kind == CollectiveKind::all_reduce && group.per_node > 1;
  }

  [[nodiscard]] CollectiveWork work(CollectiveKind /*kind*/, Bytes bytes,
                                    const CollectiveGroup& group) const override {
    CollectiveWork work;
    work.scale_up_steps = 1;
    work.scale_out_steps = group.nodes > 1 ? 1 : 0;
    work.scale_up = bytes * (1.0 + 1.0 / group.per_node);
    work.scale_out = group.nodes > 1 ? bytes / static_cast<double>(group.per_node) : Bytes{0};
    return work;
  }

  [[nodiscard]] CollectiveScore score(CollectiveKind /*kind*/,
                                      const CollectiveGroup& group) const override {
    CollectiveScore score;
    score.chunks = group.per_node;
    std::vector<int> all;
    for (int chunk = 0; chunk < score.chunks; ++chunk) all.push_back(chunk);
    const int root = group.ranks() + group.nodes;
    std::vector<ChunkMove> add_up;
    std::vector<ChunkMove> collect;
    std::vector<ChunkMove> leave;
    std::vector<ChunkMove> come_back;
    std::vector<ChunkMove> hand_in;
    std::vector<ChunkMove> spread;
    for (int rank = 0; rank < group.ranks(); ++rank) {
      const int node_switch = group.ranks() + rank / group.per_node;
      const std::vector<int> own{rank % group.per_node};
      add_up.push_back({rank, node_switch, all, true});
      collect.push_back({node_switch, rank, own, false});
      leave.push_back({rank, root, own, true});
      come_back.push_back({root, rank, own, false});
      hand_in.push_back({rank, node_switch, own, false});
      spread.push_back({node_switch, rank, all, false});
    }
    score.rounds = {add_up, collect};
    if (group.nodes > 1) {
      score.rounds.push_back(leave);
      score.rounds.push_back(come_back);
    }
    score.rounds.push_back(hand_in);
    score.rounds.push_back(spread);
    return score;
  }
};

}  // namespace

std::unique_ptr<CollectiveAlgorithm> make_in_network() { return std::make_unique<InNetwork>(); }

}  // namespace fleetwright
