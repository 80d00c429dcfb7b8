#pragma once

#include <memory>

#include "sim/cluster.hpp"
#include "sim/network.hpp"

namespace fleetwright {

/// Joins equal networks, one a data centre, by a link between the gateways of each pair. A gateway
/// hangs on the top layer of its network. `inner` is the network of one of them.
[[nodiscard]] std::shared_ptr<const Network> join_data_centres(std::shared_ptr<const Network> inner,
                                                               const DataCentres& centres,
                                                               int nics_per_centre);

}  // namespace fleetwright
