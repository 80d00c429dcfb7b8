#include "sim/collectives/binary_trees.hpp"

#include <algorithm>

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

}  // namespace

// Inside one tree it has a parent and two children, and in the other a parent.
double busiest_in_trees(int nodes) { return nodes < 2 ? 0.0 : std::min(nodes, 4) / 2.0; }

void add_tree_rounds(int nodes, bool up, std::vector<std::vector<ChunkMove>>& rounds,
                     const MovesOfEdge& moves) {
  const std::vector<std::vector<int>> trees{tree_over(nodes), other_tree_over(nodes)};
  int deepest = 0;
  for (const std::vector<int>& tree : trees) {
    for (int node = 0; node < nodes; ++node) deepest = std::max(deepest, depth_of(tree, node));
  }
  for (int step = 0; step < deepest; ++step) {
    const int depth = up ? deepest - step : step + 1;
    std::vector<ChunkMove>& round = rounds.emplace_back();
    for (int which = 0; which < 2; ++which) {
      const std::vector<int>& tree = trees[static_cast<std::size_t>(which)];
      for (int node = 0; node < nodes; ++node) {
        if (depth_of(tree, node) != depth) continue;
        const int parent = tree[static_cast<std::size_t>(node)];
        for (ChunkMove& move : moves(up ? node : parent, up ? parent : node, which)) {
          round.push_back(std::move(move));
        }
      }
    }
  }
}

}  // namespace fleetwright
