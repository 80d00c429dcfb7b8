#include "sim/simgrid/fabric_zone.hpp"

#include <string>
#include <utility>

namespace fleetwright {

namespace {

constexpr double host_speed = 1.0;  // unused: kernels are alarms, not executions on hosts

}  // namespace

// Hosts and links are numbered here, because SimGrid wants unique names and a fabric does not.
// Links have no latency: SimGrid shares a link by weights of 1 / latency, and tasks have theirs
// before their flows start.
FabricZone::FabricZone(const Fabric& fabric, double units_per_byte) : NetZoneImpl("fabric") {
  for (int gpu = 0; gpu < fabric.shape().gpus; ++gpu) {
    hosts_.push_back(get_iface()->create_host("gpu" + std::to_string(gpu), host_speed));
  }
  for (const FabricLink& link : fabric.links()) {
    auto* created = get_iface()->create_link("link" + std::to_string(links_.size()),
                                             link.capacity.si() * units_per_byte);
    links_.push_back(created->get_impl());
  }
  get_iface()->seal();
}

void FabricZone::get_local_route(const simgrid::kernel::routing::NetPoint* /*from*/,
                                 const simgrid::kernel::routing::NetPoint* /*to*/,
                                 simgrid::kernel::routing::Route* into, double* /*latency*/) {
  for (const LinkUse& use : std::exchange(next_route_, {})) {
    // A link that is listed w times is consumed with weight w.
    into->link_list_.insert(into->link_list_.end(), use.weight, links_.at(use.link));
  }
}

}  // namespace fleetwright
