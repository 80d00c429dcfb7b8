#include "sim/reliability.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

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

Hertz Reliability::replacement_rate(int island) const {
  Hertz rate;
  const auto leaves = [&](const auto& cause) {
    return cause.replaces_node && std::max(0, cause.island) == island;
  };
  for (const StopCause& stop : stops) rate += leaves(stop) ? stop.rate : Hertz{};
  for (const SlowCause& slow : slowdowns) rate += leaves(slow) ? slow.rate : Hertz{};
  return rate;
}

int Reliability::islands() const {
  int last = 0;
  for (const StopCause& stop : stops) last = std::max(last, stop.island);
  for (const SlowCause& slow : slowdowns) last = std::max(last, slow.island);
  return last + 1;
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

std::vector<StopCause> stops_of_island(const std::vector<StopRecord>& stops, const Cluster& cluster,
                                       int island) {
  std::vector<StopRecord> of_parts;
  std::ranges::copy_if(stops, std::back_inserter(of_parts),
                       [](const StopRecord& stop) { return stop.part != Part::job; });
  std::vector<StopCause> causes = stops_of(of_parts, cluster);
  for (StopCause& cause : causes) cause.island = island;
  return causes;
}

std::vector<StopCause> stops_of_job(const std::vector<StopRecord>& stops) {
  std::vector<StopRecord> of_job;
  std::ranges::copy_if(stops, std::back_inserter(of_job),
                       [](const StopRecord& stop) { return stop.part == Part::job; });
  std::vector<StopCause> causes = stops_of(of_job, Cluster{});
  for (StopCause& cause : causes) cause.island = -1;
  return causes;
}

}  // namespace fleetwright
