#include <numeric>

#include "sim/collectives/builtin_collectives.hpp"
#include "sim/collectives/ring_passes.hpp"

namespace fleetwright {
namespace {

/// Rings through all GPUs, node by node, turned so that each rail is one's way out. A ring leaves a
/// node on the rail that it came in by (NCCL_CROSS_NIC=0): its last GPU hands over to the one
/// there.
class Ring : public CollectiveAlgorithm {
 public:
  [[nodiscard]] bool supports(CollectiveKind kind, const CollectiveGroup& group) const override {
    return !is_all_to_all(kind) && group.ranks() > 1;
  }

  // Every rank passes the same bytes on (nccl-tests, PERFORMANCE.md).
  [[nodiscard]] CollectiveWork work(CollectiveKind kind, Bytes bytes,
                                    const CollectiveGroup& group) const override {
    const double ranks = group.ranks();
    const double passes = passes_of(kind);
    const Bytes passed = bytes * (passes * (ranks - 1) / ranks);
    CollectiveWork work;
    // A chunk crosses every gap between nodes, unless its last hop would be one.
    const int gaps = group.nodes > 1 && group.per_node > 1 ? group.nodes : group.nodes - 1;
    work.scale_up_steps = passes * (group.ranks() - 1 - gaps);
    work.scale_out_steps = passes * gaps;
    if (group.per_node > 1) work.scale_up = passed;
    if (group.nodes > 1) work.scale_out = passed / static_cast<double>(group.per_node);
    return work;
  }

  [[nodiscard]] CollectiveScore score(CollectiveKind kind,
                                      const CollectiveGroup& group) const override {
    CollectiveScore score;
    score.chunks = group.ranks();
    score.owner.resize(static_cast<std::size_t>(score.chunks));
    std::iota(score.owner.begin(), score.owner.end(), 0);
    const std::vector<RingOf> ring{
        {score.owner, [](int position) { return std::vector{position}; }}};
    if (kind != CollectiveKind::all_gather) add_ring_reduce_scatter(ring, score.rounds);
    if (kind != CollectiveKind::reduce_scatter) add_ring_all_gather(ring, score.rounds);
    return score;
  }
};

}  // namespace

std::unique_ptr<CollectiveAlgorithm> make_ring() { return std::make_unique<Ring>(); }

}  // namespace fleetwright
