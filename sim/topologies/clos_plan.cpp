#include "sim/topologies/clos_plan.hpp"

#include <algorithm>
#include <cmath>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

int ceil_div(std::int64_t a, std::int64_t b) { return static_cast<int>((a + b - 1) / b); }

/// Ports downwards of a switch whose cables upwards carry 1 / oversubscription of what is below.
int ports_down(int ports, double oversubscription) {
  const double down = ports * oversubscription / (1.0 + oversubscription);
  // The largest whole number: 64 ports at 3:1 are 48 and not 47.999...
  return std::max(1, static_cast<int>(std::floor(down + 1e-9)));
}

int ports_up(int down, double oversubscription) {
  return std::max(1, static_cast<int>(std::lround(down / oversubscription)));
}

/// What a plan of three layers has, whether it reaches or not.
void add_pods(ClosPlan& plan, const Cluster& cluster) {
  const int down = ports_down(cluster.switch_ports, cluster.core_oversubscription);
  const int together = plan.layout.rails_per_plane();  // a block stays in one pod where it can
  plan.leaves_per_pod = down >= together ? down / together * together : down;
  plan.pod_uplinks = ports_up(down, cluster.core_oversubscription);
  plan.pods = ceil_div(plan.layout.leaves_per_plane(), plan.leaves_per_pod);
  plan.tops =
      ceil_div(static_cast<std::int64_t>(plan.pods) * plan.pod_uplinks, cluster.switch_ports);
}

ClosPlan plan_layers(const Cluster& cluster, int planes, int layers, int most_layers) {
  ClosPlan plan;
  const int down = leaf_ports(cluster, most_layers);
  plan.layout = lay_out_leaves(cluster, down, planes);
  plan.layers = layers;
  plan.leaves_per_pod = plan.layout.leaves_per_plane();
  if (layers == 1) return plan;
  plan.uplinks = ports_up(down, cluster.oversubscription);
  if (layers == 2) {
    plan.tops = ceil_div(static_cast<std::int64_t>(plan.leaves_per_pod) * plan.uplinks,
                         cluster.switch_ports);
  } else {
    add_pods(plan, cluster);
  }
  return plan;
}

/// Each leaf has to reach each spine, and each pod each core of a number.
bool reaches(const ClosPlan& plan, const Cluster& cluster) {
  if (plan.layers == 1) return plan.leaves_per_pod == 1;
  return (plan.layers == 2 ? plan.leaves_per_pod : plan.pods) <= cluster.switch_ports;
}

}  // namespace

int leaf_ports(const Cluster& cluster, int most_layers) {
  if (most_layers == 1) return cluster.switch_ports;
  return ports_down(cluster.switch_ports, cluster.oversubscription);
}

std::optional<ClosPlan> plan_clos(const Cluster& cluster, int planes, int most_layers) {
  for (int layers = 1; layers <= most_layers; ++layers) {
    if (cluster.layers > 0 && layers != cluster.layers) continue;
    const ClosPlan plan = plan_layers(cluster, planes, layers, most_layers);
    if (reaches(plan, cluster)) return plan;
  }
  return std::nullopt;
}

ClosPlan reachable_plan(const Cluster& cluster, int planes, int most_layers) {
  const auto plan = plan_clos(cluster, planes, most_layers);
  ensure(plan.has_value(), "a fat tree that does not reach its NICs");
  return *plan;
}

double clos_reach(const Cluster& cluster, int planes, int layers) {
  const ClosPlan plan = plan_layers(cluster, planes, layers, layers);
  const double leaves = layers == 1 ? 1.0
                        : layers == 2
                            ? cluster.switch_ports
                            : static_cast<double>(cluster.switch_ports) * plan.leaves_per_pod;
  // Leaves stand in whole blocks.
  return std::floor(leaves / plan.layout.rails_per_plane()) * plan.layout.rails_per_plane() *
         plan.ports_per_leaf();
}

NetworkCounts ClosPlan::counts() const {
  const std::int64_t leaves = layout.leaves();
  std::int64_t switches = leaves;
  std::int64_t links = leaves * uplinks;
  if (layers == 2) switches += static_cast<std::int64_t>(layout.planes) * tops;
  if (layers == 3) {
    const std::int64_t aggregation = static_cast<std::int64_t>(layout.planes) * pods * uplinks;
    switches += aggregation + static_cast<std::int64_t>(layout.planes) * uplinks * tops;
    links += aggregation * pod_uplinks;
  }
  return count_parts(static_cast<std::int64_t>(layout.nodes) * layout.nics_per_node, switches,
                     links, layout.rails == 1);
}

}  // namespace fleetwright
