#pragma once

#include <simgrid/kernel/routing/NetZoneImpl.hpp>
#include <simgrid/s4u.hpp>

#include <span>
#include <vector>

#include "sim/column_step.hpp"
#include "sim/simgrid/simgrid_engine.hpp"

namespace fleetwright {

/// The links that a step uses as one flat SimGrid zone, with a host that every comm begins and ends
/// at. It routes as it is told for each flow, so that a flow may cross any set of links. SimGrid's
/// own zones are quadratic in nodes or pairs.
class FabricZone : public simgrid::kernel::routing::NetZoneImpl {
 public:
  /// Owned by the engine, which must exist and have no platform. Of two comms on a link each gets
  /// bandwidth in proportion to its peers, and begins a tick / peers late.
  FabricZone(const ColumnStep& step, const EngineUnits& units);

  [[nodiscard]] simgrid::s4u::Host* host() const { return host_; }
  /// The route of the comm that starts next.
  void route_next(std::span<const LinkUse> uses, double peers);
  [[nodiscard]] bool route_taken() const { return next_route_.empty(); }

 protected:
  void get_local_route(const simgrid::kernel::routing::NetPoint* from,
                       const simgrid::kernel::routing::NetPoint* to,
                       simgrid::kernel::routing::Route* into, double* latency) override;

 private:
  simgrid::s4u::Host* host_ = nullptr;
  std::vector<simgrid::kernel::resource::StandardLinkImpl*> links_;  // null where unused
  std::span<const LinkUse> next_route_;
  double next_peers_ = 1;
};

}  // namespace fleetwright
