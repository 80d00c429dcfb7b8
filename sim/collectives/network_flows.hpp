#pragma once

#include <span>
#include <vector>

#include "sim/fabric.hpp"
#include "sim/step_program.hpp"

namespace fleetwright {

/// Demands that go on together, as flows over the links of the network that can bind, for the task
/// of `gpu` that stands for all of them. Links that carry the same are one flow, so that one of
/// them that others use as well slows the rest. Of rails that carry alike the first stands for all.
/// Of single cables (hashed or fixed paths) the fullest alone are kept, and no more than sixteen:
/// the demands are done when those are, and what other transfers do on the rest is not seen.
[[nodiscard]] std::vector<FlowSpec> network_flows(const Fabric& fabric,
                                                  std::span<const Demand> demands, int gpu);

}  // namespace fleetwright
