#pragma once

#include <optional>

#include "sim/topologies/leaf_layout.hpp"
#include "sim/topologies/network_counts.hpp"

namespace fleetwright {

/// A balanced dragonfly (Kim et al., "Technology-driven, highly-scalable dragonfly topology", ISCA
/// 2008): switches with p NICs and h cables to other groups, a = 2 p = 2 h to a group, all switches
/// of a group joined to each other, and the cables of a group dealt to the other groups. Switches
/// of one rail and block come first in a group, as the leaves of a fat tree do.
struct DragonflyPlan {
  LeafLayout layout;
  int routers = 2;  // of a group
  int global = 1;   // cables of a switch to other groups
  int groups = 1;

  [[nodiscard]] int group_of(int leaf) const { return leaf / routers; }
  /// Ports of a group that have a cable to another one: as many for group i of j as for j of i, and
  /// what then is left over stays empty.
  [[nodiscard]] int ports_used() const;
  /// Cables from a group to the one `offset` further on.
  [[nodiscard]] int cables(int offset) const;
  /// The port of one of them; the other end is at port(groups - offset, cable).
  [[nodiscard]] int port(int offset, int cable) const;
  /// The group that a port leads to, relative to its own.
  [[nodiscard]] int offset_of(int port) const;
  [[nodiscard]] int router_of_port(int port) const { return port / global; }
  [[nodiscard]] NetworkCounts counts() const;
};

/// NICs of a switch.
[[nodiscard]] int dragonfly_ports(const Cluster& cluster);

/// Nothing where the switches have too few ports to reach all NICs. The layout must be possible.
[[nodiscard]] std::optional<DragonflyPlan> plan_dragonfly(const Cluster& cluster);

/// NICs that switches of so many ports reach.
[[nodiscard]] double dragonfly_reach(const Cluster& cluster);

}  // namespace fleetwright
