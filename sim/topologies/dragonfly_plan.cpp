#include "sim/topologies/dragonfly_plan.hpp"

namespace fleetwright {

int dragonfly_ports(const Cluster& cluster) {
  // p + (a - 1) + h ports with a = 2 p = 2 h: 4 p - 1.
  return (cluster.switch_ports + 1) / 4;
}

std::optional<DragonflyPlan> plan_dragonfly(const Cluster& cluster) {
  const int p = dragonfly_ports(cluster);
  DragonflyPlan plan;
  plan.layout = lay_out_leaves(cluster, p, 1);
  plan.routers = 2 * p;
  plan.global = p;
  plan.groups = (plan.layout.leaves() + plan.routers - 1) / plan.routers;
  if (plan.groups == 1) plan.routers = plan.layout.leaves();
  if (plan.groups > plan.routers * plan.global + 1) return std::nullopt;
  return plan;
}

double dragonfly_reach(const Cluster& cluster) {
  const double p = dragonfly_ports(cluster);
  return (2 * p * p + 1) * 2 * p * p;
}

// With more ports than other groups, each other group gets as many cables, and of the rest each
// pair of opposite offsets one more; the offset of half a round is its own opposite.
int DragonflyPlan::ports_used() const {
  if (groups == 1) return 0;
  const int ports = routers * global;
  const int rest = ports % (groups - 1);
  return ports - (groups % 2 == 0 ? 0 : rest % 2);
}

int DragonflyPlan::offset_of(int port) const {
  const int each = groups - 1;
  const int rest = ports_used() % each;
  const int whole = ports_used() - rest;
  if (port < whole) return 1 + port % each;
  const int extra = port - whole;
  if (rest % 2 == 1 && extra == rest - 1) return groups / 2;
  return extra % 2 == 0 ? 1 + extra / 2 : groups - 1 - extra / 2;
}

int DragonflyPlan::cables(int offset) const {
  const int each = groups - 1;
  const int rest = ports_used() % each;
  const bool one_more =
      offset <= rest / 2 || groups - offset <= rest / 2 || (rest % 2 == 1 && 2 * offset == groups);
  return ports_used() / each + (one_more ? 1 : 0);
}

int DragonflyPlan::port(int offset, int cable) const {
  const int each = groups - 1;
  const int whole = ports_used() / each;
  if (cable < whole) return cable * each + offset - 1;
  const int rest = ports_used() % each;
  if (rest % 2 == 1 && 2 * offset == groups) return whole * each + rest - 1;
  return whole * each + (offset <= rest / 2 ? 2 * (offset - 1) : 2 * (groups - offset - 1) + 1);
}

NetworkCounts DragonflyPlan::counts() const {
  const std::int64_t switches = static_cast<std::int64_t>(groups) * routers;
  const std::int64_t local = switches * (routers - 1) / 2;
  const std::int64_t far = static_cast<std::int64_t>(groups) * ports_used() / 2;
  return count_parts(static_cast<std::int64_t>(layout.nodes) * layout.nics_per_node, switches,
                     local + far, layout.rails == 1);
}

}  // namespace fleetwright
