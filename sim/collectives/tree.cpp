#include <algorithm>
#include <bit>

#include "sim/collectives/builtin_collectives.hpp"

namespace fleetwright {
namespace {

constexpr int no_parent = -1;

/// The parents of a binary tree over n nodes in which even ones are leaves. The lowest set bit of a
/// node is its height.
std::vector<int> tree_over(int n) {
  std::vector<int> parent(static_cast<std::size_t>(n), no_parent);
  for (int node = 1; node < n; ++node) {
    const int bit = node & -node;
    const int up = (node ^ bit) | (2 * bit);
    parent[static_cast<std::size_t>(node)] = up < n ? up : node ^ bit;
  }
  return parent;
}

/// The second tree: mirrored or shifted, so that leaves of one are inside the other.
std::vector<int> other_tree_over(int n) {
  const std::vector<int> first = tree_over(n);
  const auto rename = [n](int node) { return n % 2 == 0 ? n - 1 - node : (node + 1) % n; };
  std::vector<int> parent(static_cast<std::size_t>(n), no_parent);
  for (int node = 0; node < n; ++node) {
    const int up = first[static_cast<std::size_t>(node)];
    parent[static_cast<std::size_t>(rename(node))] = up == no_parent ? no_parent : rename(up);
  }
  return parent;
}

int depth_of(const std::vector<int>& parent, int node) {
  int depth = 0;
  while (parent[static_cast<std::size_t>(node)] != no_parent) {
    node = parent[static_cast<std::size_t>(node)];
    ++depth;
  }
  return depth;
}

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
    const double nodes = group.nodes;
    CollectiveWork work;
    work.scale_up_steps = 2 * (in_node - 1);
    work.scale_out_steps = 2 * (std::bit_width(static_cast<unsigned>(group.nodes)) - 1.0);
    work.scale_up = bytes * (2 * (in_node - 1) / in_node);
    work.scale_out = bytes * (2 * (nodes - 1) / nodes / in_node);
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
    const std::vector<std::vector<int>> trees{tree_over(group.nodes), other_tree_over(group.nodes)};
    int deepest = 0;
    for (const auto& tree : trees) {
      for (int node = 0; node < group.nodes; ++node)
        deepest = std::max(deepest, depth_of(tree, node));
    }
    for (int step = 0; step < deepest; ++step) {
      const int depth = up ? deepest - step : step + 1;
      std::vector<ChunkMove>& round = score.rounds.emplace_back();
      for (int chunk = 0; chunk < 2; ++chunk) {
        const std::vector<int>& tree = trees[static_cast<std::size_t>(chunk)];
        for (int node = 0; node < group.nodes; ++node) {
          if (depth_of(tree, node) != depth) continue;
          const int child = node * group.per_node;
          const int parent = tree[static_cast<std::size_t>(node)] * group.per_node;
          round.push_back({up ? child : parent, up ? parent : child, {chunk}, up});
        }
      }
    }
  }
};

}  // namespace

std::unique_ptr<CollectiveAlgorithm> make_tree() { return std::make_unique<Tree>(); }

}  // namespace fleetwright
