#pragma once

#include <memory>

#include "sim/network.hpp"
#include "sim/topologies/dragonfly_plan.hpp"

namespace fleetwright {

/// Cable by cable, over the shortest ways alone, for hashed and fixed paths.
[[nodiscard]] std::shared_ptr<const Network> make_dragonfly_cables(const DragonflyPlan& plan,
                                                                   const Cluster& cluster);

/// All cables of a group to others as one link each way, for adaptive routing, which takes detours
/// over third groups where the direct cables are full.
[[nodiscard]] std::shared_ptr<const Network> make_dragonfly_bundles(const DragonflyPlan& plan,
                                                                    const Cluster& cluster);

/// What detours add to the load of each group, in time of one cable: the demands of every pair of
/// groups (`bytes[i * groups + j]`, over the bandwidth of a cable) that do not fit its direct
/// cables by the time that the fullest group is done go over a third group, and load its cables
/// once more.
[[nodiscard]] Seconds detour_load(const DragonflyPlan& plan, std::span<const Seconds> demand);

}  // namespace fleetwright
