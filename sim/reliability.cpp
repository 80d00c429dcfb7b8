#include "sim/reliability.hpp"

#include <cmath>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

// Half the ports of a leaf switch face NICs.
double leaf_switches(const Cluster& cluster) {
  const double nics = static_cast<double>(cluster.nodes()) * cluster.nics_per_node;
  return std::ceil(nics / (cluster.switch_ports / 2.0));
}

}  // namespace

Hertz Reliability::failure_rate() const {
  Hertz rate;
  for (const StopCause& stop : stops) rate += stop.planned ? Hertz{} : stop.rate;
  return rate;
}

Hertz Reliability::planned_rate() const {
  Hertz rate;
  for (const StopCause& stop : stops) rate += stop.planned ? stop.rate : Hertz{};
  return rate;
}

Hertz Reliability::replacement_rate() const {
  Hertz rate;
  for (const StopCause& stop : stops) rate += stop.replaces_node ? stop.rate : Hertz{};
  for (const SlowCause& slow : slowdowns) rate += slow.replaces_node ? slow.rate : Hertz{};
  return rate;
}

double count_of(const Cluster& cluster, Part part) {
  switch (part) {
    case Part::gpu:
      return cluster.gpus;
    case Part::node:
      return cluster.nodes();
    case Part::nic:
    case Part::link:
      return static_cast<double>(cluster.nodes()) * cluster.nics_per_node;
    case Part::switch_:
      return leaf_switches(cluster);
    case Part::job:
      return 1;
  }
  fail_invariant("Part", "unknown value");
}

std::vector<StopCause> stops_of(const std::vector<StopRecord>& stops, const Cluster& cluster) {
  std::vector<StopCause> causes;
  for (const StopRecord& stop : stops) {
    ensure(stop.rate.has_value(), "a stop without a rate");
    causes.push_back(
        {stop.name, *stop.rate * count_of(cluster, stop.part), stop.replaces_node, stop.planned});
  }
  return causes;
}

}  // namespace fleetwright
