#include "sim/simgrid/fabric_zone.hpp"

#include <string>
#include <utility>

namespace fleetwright {

namespace {

constexpr double host_speed = 1.0;  // unused: kernels are alarms, not executions on hosts

}  // namespace

// Links are numbered here, because SimGrid wants unique names and a fabric does not. They have no
// latency of their own: SimGrid shares a link by weights of 1 / latency of the whole route, and
// tasks have theirs before their flows start.
FabricZone::FabricZone(const ColumnStep& step, const EngineUnits& units)
    : NetZoneImpl("fabric"), links_(step.links().size()) {
  host_ = get_iface()->create_host("gpu", host_speed);
  step.for_each_flow([&](int /*column*/, std::uint32_t /*lane*/, const FlowOnLinks& flow) {
    for (const LinkUse& use : flow.uses) {
      if (links_.at(use.link) != nullptr) continue;
      const BytesPerSecond capacity = step.links()[use.link].capacity;
      links_[use.link] =
          get_iface()
              ->create_link("link" + std::to_string(use.link),
                            capacity.si() * units.units_per_byte / units.ticks_per_second)
              ->get_impl();
    }
  });
  get_iface()->seal();
}

void FabricZone::route_next(std::span<const LinkUse> uses, double peers) {
  next_route_ = uses;
  next_peers_ = peers;
}

void FabricZone::get_local_route(const simgrid::kernel::routing::NetPoint* /*from*/,
                                 const simgrid::kernel::routing::NetPoint* /*to*/,
                                 simgrid::kernel::routing::Route* into, double* latency) {
  for (const LinkUse& use : std::exchange(next_route_, {})) {
    // A link that is listed w times is consumed with weight w.
    into->link_list_.insert(into->link_list_.end(), use.weight, links_.at(use.link));
  }
  if (latency != nullptr) *latency += 1.0 / next_peers_;
}

}  // namespace fleetwright
