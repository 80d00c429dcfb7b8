#include <bit>

#include "sim/collectives/binary_trees.hpp"
#include "sim/collectives/builtin_collectives.hpp"

namespace fleetwright {
namespace {

/// NCCL's double binary tree (Sanders, Speck, Traeff 2009): chains inside the nodes, whose first
/// GPUs are the trees' nodes; each tree has half of the message.
class Tree : public CollectiveAlgorithm {
 public:
  [[nodiscard]] bool supports(CollectiveKind kind, const CollectiveGroup& group) const override {
    return kind == CollectiveKind::all_reduce && group.ranks() > 1;
  }

  // Up and down each edge once; latencies as NCCL counts them.
  [[nodiscard]] CollectiveWork work(CollectiveKind /*kind*/, Bytes bytes,
                                    const CollectiveGroup& group) const override {
    const double in_node = group.per_node;
    CollectiveWork work;
    work.scale_up_steps = 2 * (in_node - 1);
    work.scale_out_steps = 2 * (std::bit_width(static_cast<unsigned>(group.nodes)) - 1.0);
    work.scale_up = bytes * (2 * (in_node - 1) / in_node);
    work.scale_out = bytes * (busiest_in_trees(group.nodes) / in_node);
    return work;
  }

  [[nodiscard]] CollectiveScore score(CollectiveKind /*kind*/,
                                      const CollectiveGroup& group) const override {
    CollectiveScore score;
    score.chunks = 2;
    add_chains(group, true, score);
    add_trees(group, true, score);
    add_trees(group, false, score);
    add_chains(group, false, score);
    return score;
  }

 private:
  static void add_chains(const CollectiveGroup& group, bool up, CollectiveScore& score) {
    for (int step = 1; step < group.per_node; ++step) {
      std::vector<ChunkMove>& round = score.rounds.emplace_back();
      for (int node = 0; node < group.nodes; ++node) {
        const int first = node * group.per_node;
        const int upper = up ? group.per_node - 1 - step : step - 1;
        const int from = up ? upper + 1 : upper;
        const int to = up ? upper : upper + 1;
        round.push_back({first + from, first + to, {0, 1}, up});
      }
    }
  }

  static void add_trees(const CollectiveGroup& group, bool up, CollectiveScore& score) {
    add_tree_rounds(group.nodes, up, score.rounds, [&](int from, int to, int tree) {
      return std::vector<ChunkMove>{{from * group.per_node, to * group.per_node, {tree}, up}};
    });
  }
};

}  // namespace

std::unique_ptr<CollectiveAlgorithm> make_tree() { return std::make_unique<Tree>(); }

}  // namespace fleetwright
