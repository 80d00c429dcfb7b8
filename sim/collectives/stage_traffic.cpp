#include "sim/collectives/stage_traffic.hpp"

#include <algorithm>
#include <iterator>

#include "models/core/error.hpp"
#include "sim/collectives/group_traffic.hpp"

namespace fleetwright {
namespace {

bool shares_gradients(CommunicationGroup group) {
  return group == CommunicationGroup::data || group == CommunicationGroup::expert_data;
}

}  // namespace

StageTraffic::StageTraffic(const ParallelStrategy& strategy, const Fabric& fabric, int copies)
    : strategy_(strategy), grid_(strategy), fabric_(fabric), copies_(copies) {}

int StageTraffic::ranks() const { return strategy_.tp * strategy_.cp * strategy_.dp; }

std::vector<int> StageTraffic::sharing_nic(int gpu) const {
  const int in_node = fabric_.shape().gpus_per_node;
  const int first = fabric_.node_of(gpu) * in_node;
  std::vector<int> sharing;
  for (int other = first; other < first + in_node; ++other) {
    if (fabric_.nic_of(other) == fabric_.nic_of(gpu) &&
        first_of_stage(other) == first_of_stage(gpu)) {
      sharing.push_back(other);
    }
  }
  return sharing;
}

std::vector<int> StageTraffic::group(CommunicationGroup which, int gpu) const {
  std::vector<int> ranks = grid_group(which, gpu);
  if (copies_ == 1 || !shares_gradients(which)) return ranks;
  // The other copy of a bidirectional stage lives on the ranks of the opposite pipeline position.
  RankCoordinates at = grid_.coordinates(gpu);
  at.pp = strategy_.pp - 1 - at.pp;
  const std::vector<int> others = grid_group(which, grid_.rank(at));
  ranks.insert(ranks.end(), others.begin(), others.end());
  std::ranges::sort(ranks);
  return ranks;
}

std::vector<int> StageTraffic::grid_group(CommunicationGroup which, int gpu) const {
  switch (which) {
    case CommunicationGroup::tensor:
      return grid_.tensor_group(gpu);
    case CommunicationGroup::context:
      return grid_.context_group(gpu);
    case CommunicationGroup::expert:
      return grid_.expert_group(gpu);
    case CommunicationGroup::data:
      return grid_.data_group(gpu);
    case CommunicationGroup::expert_data:
      return grid_.expert_data_group(gpu);
  }
  fail_invariant("CommunicationGroup", "unknown value");
}

std::vector<Demand> StageTraffic::demands(const TransferShape& shape) const {
  if (shape.pattern != TransferPattern::send) return collective_demands(shape);
  std::vector<Demand> demands;
  const int first = first_of_stage(shape.gpu);
  ensure(first_of_stage(shape.to) != first, "a stage sends to itself");
  for (int rank = first; rank < first + ranks(); ++rank) {
    demands.push_back({rank, shape.to + (rank - shape.gpu), Bytes{1}});
  }
  return demands;
}

std::vector<Demand> StageTraffic::collective_demands(const TransferShape& shape) const {
  if (shape.pattern == TransferPattern::inside_node) return {};
  const int first = first_of_stage(shape.gpu);
  const int end = first + ranks();
  std::vector<bool> seen(static_cast<std::size_t>(ranks()), false);
  std::vector<Demand> demands;
  for (int rank = first; rank < end; ++rank) {
    if (seen[static_cast<std::size_t>(rank - first)]) continue;
    const std::vector<int> members = group(shape.group, rank);
    for (const int member : members) {
      if (member >= first && member < end) seen[static_cast<std::size_t>(member - first)] = true;
    }
    const MembersByNode nodes = members_by_node(fabric_, members);
    const std::vector<Demand> more = shape.pattern == TransferPattern::ring
                                         ? ring_demands(nodes, Bytes{1})
                                         : exchange_demands(nodes, Bytes{1});
    std::ranges::copy_if(more, std::back_inserter(demands),
                         [&](const Demand& d) { return d.from >= first && d.from < end; });
  }
  return demands;
}

}  // namespace fleetwright
