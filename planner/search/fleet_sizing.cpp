#include "planner/search/fleet_sizing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/core/error.hpp"
#include "planner/feasibility.hpp"

namespace fleetwright {
namespace {

constexpr std::size_t timed_by_longest_path = 12;
// Of the fleet that the best rate seen so far asks for: a smaller one seldom has a rate better
// still.
constexpr double least_of_ideal = 0.8;
// Failures make a run longer than its training: so many sizes are tried.
constexpr int sizes_with_failures = 8;

bool divides_well(int nodes) {
  for (const int prime : {2, 3, 5}) {
    while (nodes % prime == 0) nodes /= prime;
  }
  return nodes == 1;
}

/// Days of training by the number of accelerators; infinite where nothing fits.
class DaysBySize {
 public:
  DaysBySize(const Scenario& scenario, Searched& searched, const RunControl& control,
             CandidateMemory* memory)
      : scenario_(scenario), searched_(searched), control_(control), memory_(memory) {}

  double operator()(int gpus) {
    StepSetup setup = scenario_.setup;
    setup.cluster.gpus = gpus;
    if (!cluster_rules(setup.cluster).empty()) return HUGE_VAL;
    Candidate leanest;
    std::vector<Candidate> found = promising(setup, searched_, leanest);
    if (found.size() > timed_by_longest_path) found.resize(timed_by_longest_path);
    searched_.refined += static_cast<long>(found.size());
    refine(found, control_, memory_);
    if (found.empty()) return HUGE_VAL;
    const double steps = scenario_.tokens / tokens_per_step(setup.job);
    return steps * found.front().time.si() / 86400;
  }

 private:
  const Scenario& scenario_;
  Searched& searched_;
  const RunControl& control_;
  CandidateMemory* memory_;
};

}  // namespace

int next_size(const Cluster& cluster, int gpus) {
  int nodes = gpus / cluster.gpus_per_node + 1;
  while (!divides_well(nodes)) ++nodes;
  return nodes * cluster.gpus_per_node;
}

int smallest_fleet(const Scenario& scenario, double days, int most, Searched& searched,
                   const RunControl& control, CandidateMemory* memory) {
  const Cluster& cluster = scenario.setup.cluster;
  std::vector<int> sizes;
  for (int gpus = next_size(cluster, 0); gpus <= most; gpus = next_size(cluster, gpus)) {
    sizes.push_back(gpus);
  }
  DaysBySize days_of(scenario, searched, control, memory);
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
  // Days fall about as 1 / size, but for how well a size divides: one that does badly says nothing
  // of its neighbours. So they are tried one after the other from where the time may be right, up
  // to the first that does, or down to where even the best rate seen would not do.
  double ideal = sizes.back() * all / days;
  const auto does = [&](int gpus) {
    const double takes = days_of(gpus);
    ideal = std::min(ideal, gpus * takes / days);
    return takes <= days;
  };
  auto at = std::ranges::lower_bound(sizes, least_of_ideal * ideal);
  while (at != sizes.end() && !does(*at)) ++at;
  if (at == sizes.end()) return sizes.back();
  int least = *at;
  while (at != sizes.begin() && *--at >= least_of_ideal * ideal) {
    if (does(*at)) least = *at;
  }
  return least;
}

PlanAnswer plan_smallest_fleet(const Scenario& scenario, const PlanQuestion& question, double days,
                               int most, Searched& searched, const Estimator& estimator,
                               const RunControl& control) {
  PlanQuestion at_size = question;
  at_size.deadline_days.reset();
  int gpus = smallest_fleet(scenario, days, most, searched, control, question.memory);
  PlanAnswer answer;
  for (int tries = 0; tries < sizes_with_failures && gpus <= most; ++tries) {
    at_size.accelerators = {gpus};
    answer = search_plans(scenario, at_size, estimator, control);
    if (answer.plans.front().run.estimate.wall.si() <= days * 86400) break;
    gpus = next_size(scenario.setup.cluster, gpus);
  }
  return answer;
}

}  // namespace fleetwright
