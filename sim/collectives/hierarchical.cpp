#include <numeric>

#include "sim/collectives/builtin_collectives.hpp"
#include "sim/collectives/ring_passes.hpp"

namespace fleetwright {
namespace {

/// A ring in each node, and one on each rail between nodes for what its GPUs have then. Chunk c is
/// in the end that of rank c.
class Hierarchical : public CollectiveAlgorithm {
 public:
  [[nodiscard]] bool supports(CollectiveKind kind, const CollectiveGroup& group) const override {
    return !is_all_to_all(kind) && group.ranks() > 1;
  }

  [[nodiscard]] CollectiveWork work(CollectiveKind kind, Bytes bytes,
                                    const CollectiveGroup& group) const override {
    const double passes = passes_of(kind);
    const double in_node = group.per_node;
    const double nodes = group.nodes;
    CollectiveWork work;
    work.scale_up_steps = passes * (in_node - 1);
    work.scale_out_steps = passes * (nodes - 1);
    work.scale_up = bytes * (passes * (in_node - 1) / in_node);
    work.scale_out = bytes * (passes * (nodes - 1) / nodes / in_node);
    return work;
  }

  [[nodiscard]] CollectiveScore score(CollectiveKind kind,
                                      const CollectiveGroup& group) const override {
    CollectiveScore score;
    score.chunks = group.ranks();
    score.owner.resize(static_cast<std::size_t>(score.chunks));
    std::iota(score.owner.begin(), score.owner.end(), 0);
    const std::vector<RingOf> inside = rings_inside(group);
    const std::vector<RingOf> between = rings_between(group);
    if (kind != CollectiveKind::all_gather) {
      add_ring_reduce_scatter(inside, score.rounds);
      add_ring_reduce_scatter(between, score.rounds);
    }
    if (kind != CollectiveKind::reduce_scatter) {
      add_ring_all_gather(between, score.rounds);
      add_ring_all_gather(inside, score.rounds);
    }
    return score;
  }

 private:
  static std::vector<RingOf> rings_inside(const CollectiveGroup& group) {
    std::vector<RingOf> rings;
    for (int node = 0; node < group.nodes; ++node) {
      RingOf ring;
      for (int i = 0; i < group.per_node; ++i) ring.members.push_back(node * group.per_node + i);
      ring.chunks_of = [group](int position) {  // those of all nodes on a rail
        std::vector<int> chunks;
        for (int n = 0; n < group.nodes; ++n) chunks.push_back(n * group.per_node + position);
        return chunks;
      };
      rings.push_back(std::move(ring));
    }
    return rings;
  }

  static std::vector<RingOf> rings_between(const CollectiveGroup& group) {
    std::vector<RingOf> rings;
    for (int rail = 0; rail < group.per_node; ++rail) {
      RingOf ring;
      for (int node = 0; node < group.nodes; ++node) {
        ring.members.push_back(node * group.per_node + rail);
      }
      ring.chunks_of = [group, rail](int position) {
        return std::vector{position * group.per_node + rail};
      };
      rings.push_back(std::move(ring));
    }
    return rings;
  }
};

}  // namespace

std::unique_ptr<CollectiveAlgorithm> make_hierarchical() {
  return std::make_unique<Hierarchical>();
}

}  // namespace fleetwright
