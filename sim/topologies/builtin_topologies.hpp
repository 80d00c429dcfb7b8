#pragma once

#include <memory>

#include "sim/topologies/topology.hpp"

namespace fleetwright {

[[nodiscard]] std::unique_ptr<Topology> make_single_switch();
[[nodiscard]] std::unique_ptr<Topology> make_fat_tree();
[[nodiscard]] std::unique_ptr<Topology> make_multi_plane_fat_tree();
[[nodiscard]] std::unique_ptr<Topology> make_rail_only();
[[nodiscard]] std::unique_ptr<Topology> make_dragonfly();

}  // namespace fleetwright
