#include "planner/search/fleet_sizing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/core/error.hpp"
#include "planner/feasibility.hpp"

namespace fleetwright {
namespace {

constexpr std::size_t timed_by_longest_path = 6;

bool divides_well(int nodes) {
  for (const int prime : {2, 3, 5}) {
    while (nodes % prime == 0) nodes /= prime;
  }
  return nodes == 1;
}

/// Days of training by the number of accelerators; infinite where nothing fits.
class DaysBySize {
 public:
  DaysBySize(const Scenario& scenario, Searched& searched, const RunControl& control)
      : scenario_(scenario), searched_(searched), control_(control) {}

  double operator()(int gpus) {
    StepSetup setup = scenario_.setup;
    setup.cluster.gpus = gpus;
    if (!cluster_rules(setup.cluster).empty()) return HUGE_VAL;
    Candidate leanest;
    std::vector<Candidate> found = promising(setup, searched_, leanest);
    if (found.size() > timed_by_longest_path) found.resize(timed_by_longest_path);
    searched_.refined += static_cast<long>(found.size());
    refine(found, control_);
    if (found.empty()) return HUGE_VAL;
    const double steps = scenario_.tokens / tokens_per_step(setup.job);
    return steps * found.front().time.si() / 86400;
  }

 private:
  const Scenario& scenario_;
  Searched& searched_;
  const RunControl& control_;
};

}  // namespace

int next_size(const Cluster& cluster, int gpus) {
  int nodes = gpus / cluster.gpus_per_node + 1;
  while (!divides_well(nodes)) ++nodes;
  return nodes * cluster.gpus_per_node;
}

int smallest_fleet(const Scenario& scenario, double days, int most, Searched& searched,
                   const RunControl& control) {
  const Cluster& cluster = scenario.setup.cluster;
  std::vector<int> sizes;
  for (int gpus = next_size(cluster, 0); gpus <= most; gpus = next_size(cluster, gpus)) {
    sizes.push_back(gpus);
  }
  DaysBySize days_of(scenario, searched, control);
  const double all = sizes.empty() ? HUGE_VAL : days_of(sizes.back());
  if (all > days) {
    throw Infeasible(
        all == HUGE_VAL
            ? fmt::format("no {} or fewer {} hold the model", most, cluster.accelerator.id)
            : fmt::format("{} {} take {:.4g} days, {:.4g} too many for {:.4g}\n"
                          "  help: at that rate about {:.0f} would do",
                          sizes.back(), cluster.accelerator.id, all, all - days, days,
                          sizes.back() * all / days));
  }
  // Between one that is too small and one that does; days fall with size but for how well it
  // divides.
  std::size_t small = 0, enough = sizes.size() - 1;
  if (days_of(sizes.front()) <= days) return sizes.front();
  while (enough - small > 1) {
    // Near where the time would be right if it fell as 1 / size, at first; then halfway.
    const std::size_t middle = (small + enough) / 2;
    (days_of(sizes[middle]) <= days ? enough : small) = middle;
  }
  return sizes[enough];
}

}  // namespace fleetwright
