#include "sim/collectives/builtin_collectives.hpp"

namespace fleetwright {
namespace {

/// What both have in common: each rank has a chunk for each.
class AllToAll : public CollectiveAlgorithm {
 public:
  [[nodiscard]] bool supports(CollectiveKind kind, const CollectiveGroup& group) const override {
    return is_all_to_all(kind) && group.ranks() > 1;
  }

 protected:
  static CollectiveWork work_of(Bytes up, Bytes out, const CollectiveGroup& group) {
    CollectiveWork work;
    work.scale_up_steps = group.per_node > 1 ? 1 : 0;
    work.scale_out_steps = group.nodes > 1 ? 1 : 0;
    work.scale_up = up;
    work.scale_out = out;
    work.pattern = TransferPattern::exchange;
    return work;
  }
  static CollectiveScore empty_score(const CollectiveGroup& group) {
    CollectiveScore score;
    score.chunks = group.ranks() * group.ranks();
    return score;
  }
};

/// What goes to another rail of another node is handed to the GPU on that rail first (NCCL's PXN).
class Pairwise : public AllToAll {
 public:
  [[nodiscard]] CollectiveWork work(CollectiveKind /*kind*/, Bytes bytes,
                                    const CollectiveGroup& group) const override {
    const double ranks = group.ranks();
    const Bytes out = bytes * ((ranks - group.per_node) / ranks);
    const double other_rails = 1.0 - 1.0 / group.per_node;
    return work_of(bytes * ((group.per_node - 1) / ranks) + out * other_rails, out, group);
  }

  [[nodiscard]] CollectiveScore score(CollectiveKind /*kind*/,
                                      const CollectiveGroup& group) const override {
    CollectiveScore score = empty_score(group);
    const int ranks = group.ranks();
    for (int distance = 1; distance < ranks; ++distance) {
      std::vector<ChunkMove>& round = score.rounds.emplace_back();
      for (int rank = 0; rank < ranks; ++rank) {
        const int to = (rank + distance) % ranks;
        round.push_back({rank, to, {rank * ranks + to}, false});
      }
    }
    return score;
  }
};

/// DeepSeek's way (DeepSeek-V3, arXiv 2412.19437, section 3.2.2), without its saving: a token for
/// several experts of a node crosses once (profiles/expert_parallel_profile).
class NodeLimited : public AllToAll {
 public:
  [[nodiscard]] CollectiveWork work(CollectiveKind /*kind*/, Bytes bytes,
                                    const CollectiveGroup& group) const override {
    return work_of(bytes * (1.0 - 1.0 / group.per_node), bytes * (1.0 - 1.0 / group.nodes), group);
  }

  [[nodiscard]] CollectiveScore score(CollectiveKind /*kind*/,
                                      const CollectiveGroup& group) const override {
    CollectiveScore score = empty_score(group);
    add_between_nodes(group, score);
    add_inside_nodes(group, score);
    return score;
  }

 private:
  static void add_between_nodes(const CollectiveGroup& group, CollectiveScore& score) {
    const int ranks = group.ranks();
    for (int distance = 1; distance < group.nodes; ++distance) {
      std::vector<ChunkMove>& round = score.rounds.emplace_back();
      for (int rank = 0; rank < ranks; ++rank) {
        const int node = (rank / group.per_node + distance) % group.nodes;
        const int first = node * group.per_node;
        ChunkMove move{rank, first + rank % group.per_node, {}, false};
        for (int i = 0; i < group.per_node; ++i) move.chunks.push_back(rank * ranks + first + i);
        round.push_back(std::move(move));
      }
    }
  }

  // A rank has chunks from all GPUs on its rail.
  static void add_inside_nodes(const CollectiveGroup& group, CollectiveScore& score) {
    const int ranks = group.ranks();
    for (int distance = 1; distance < group.per_node; ++distance) {
      std::vector<ChunkMove>& round = score.rounds.emplace_back();
      for (int rank = 0; rank < ranks; ++rank) {
        const int rail = rank % group.per_node;
        const int to = rank - rail + (rail + distance) % group.per_node;
        ChunkMove move{rank, to, {}, false};
        for (int node = 0; node < group.nodes; ++node) {
          move.chunks.push_back((node * group.per_node + rail) * ranks + to);
        }
        round.push_back(std::move(move));
      }
    }
  }
};

}  // namespace

std::unique_ptr<CollectiveAlgorithm> make_pairwise() { return std::make_unique<Pairwise>(); }
std::unique_ptr<CollectiveAlgorithm> make_node_limited() { return std::make_unique<NodeLimited>(); }

}  // namespace fleetwright
