#include "sim/topologies/builtin_topologies.hpp"

#include <array>

namespace fleetwright {

std::span<const RegistryRow<TopologyFactory>> builtin_topologies() {
  static constexpr std::array<RegistryRow<TopologyFactory>, 5> table{{
      {"single-switch", "All NICs meet in one ideal switch.", make_single_switch},
      {"fat-tree", "Rail-optimised fat tree of two or three layers.", make_fat_tree},
      {"multi-plane-fat-tree", "A two-layer fat tree for each NIC of a node.",
       make_multi_plane_fat_tree},
      {"rail-only", "One switch for each rail, and none that joins rails.", make_rail_only},
      {"dragonfly", "Groups of fully joined switches, with cables between all groups.",
       make_dragonfly},
  }};
  return table;
}

}  // namespace fleetwright
