#pragma once

#include <initializer_list>
#include <string_view>

#include "sim/topologies/topology.hpp"

namespace fleetwright {

/// The largest divisor that is no more than `at_most`, for suggestions.
[[nodiscard]] int largest_divisor(int of, int at_most);

/// Refuses settings that a topology has no use for: of "oversubscription", "core_oversubscription",
/// "layers", "rails" and "planes" those that are set and not `used`.
[[nodiscard]] std::optional<WiringRefusal> refuse_unused(
    const Cluster& cluster, std::initializer_list<std::string_view> used);

/// Refuses rails and planes that do not divide what they are parts of, and leaves with too few
/// ports for the NICs of a node on one rail.
[[nodiscard]] std::optional<WiringRefusal> refuse_layout(const Cluster& cluster, int leaf_ports,
                                                         int planes);

}  // namespace fleetwright
