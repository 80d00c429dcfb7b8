#pragma once

#include <span>
#include <vector>

#include "sim/fabric.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// What demands that go on together put on the links of the network that can bind and that decide
/// when they are done. Of rails that carry alike the first stands for all. Of single cables (hashed
/// or fixed paths) the fullest alone are kept, and no more than sixteen: what other transfers do on
/// the rest is not seen.
[[nodiscard]] std::vector<LinkLoad> deciding_loads(const Fabric& fabric,
                                                   std::span<const Demand> demands);

/// Loads as flows for the task of `gpu`. Links that carry the same are one flow, so that one of
/// them that others use as well slows the rest. A flow stands for as many as `each` goes into its
/// load.
[[nodiscard]] std::vector<FlowSpec> flows_of_loads(std::vector<LinkLoad> loads, Bytes each,
                                                   int gpu);

}  // namespace fleetwright
