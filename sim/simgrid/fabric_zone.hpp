#pragma once

#include <simgrid/kernel/routing/NetZoneImpl.hpp>
#include <simgrid/s4u.hpp>

#include <span>
#include <vector>

#include "sim/fabric.hpp"

namespace fleetwright {

/// A fabric as one flat SimGrid zone: a host a GPU, a link a link. It routes as it is told for each
/// flow, so that a flow may cross any set of links. SimGrid's own zones are quadratic in nodes or
/// pairs; this one is linear.
class FabricZone : public simgrid::kernel::routing::NetZoneImpl {
 public:
  /// Owned by the engine, which must exist and have no platform. One byte is `units_per_byte` of
  /// what comms count, capacities included.
  FabricZone(const Fabric& fabric, double units_per_byte);

  [[nodiscard]] simgrid::s4u::Host* host(int gpu) const {
    return hosts_.at(static_cast<std::size_t>(gpu));
  }
  /// The route of the comm that starts next, between whatever hosts.
  void route_next(std::span<const LinkUse> uses) { next_route_ = uses; }
  [[nodiscard]] bool route_taken() const { return next_route_.empty(); }

 protected:
  void get_local_route(const simgrid::kernel::routing::NetPoint* from,
                       const simgrid::kernel::routing::NetPoint* to,
                       simgrid::kernel::routing::Route* into, double* latency) override;

 private:
  std::vector<simgrid::s4u::Host*> hosts_;
  std::vector<simgrid::kernel::resource::StandardLinkImpl*> links_;
  std::span<const LinkUse> next_route_;
};

}  // namespace fleetwright
