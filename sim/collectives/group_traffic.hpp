#pragma once

#include <vector>

#include "sim/fabric.hpp"

namespace fleetwright {

/// The members of a group node by node, ascending. Counterparts in two nodes are those of the same
/// index, so that traffic between nodes keeps to its rail.
using MembersByNode = std::vector<std::vector<int>>;

[[nodiscard]] MembersByNode members_by_node(const Fabric& fabric, const std::vector<int>& group);

/// Each member sends `each` to its counterpart in the next node, the last node to the first.
[[nodiscard]] std::vector<Demand> ring_demands(const MembersByNode& group, Bytes each);

/// Each member sends `each` in equal parts to its counterparts in all other nodes.
[[nodiscard]] std::vector<Demand> exchange_demands(const MembersByNode& group, Bytes each);

/// Distances that a chunk meets on its way around the ring: all edges but the shortest.
[[nodiscard]] Seconds ring_distance(const Fabric& fabric, const MembersByNode& group);

/// The longest distance between two nodes of the group.
[[nodiscard]] Seconds exchange_distance(const Fabric& fabric, const MembersByNode& group);

}  // namespace fleetwright
