#include "sim/simgrid/time_precision.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "sim/estimator.hpp"

namespace fleetwright {

namespace {

struct LaneWeight {
  std::uint32_t lane = 0;
  std::uint32_t weight = 0;
};

/// The largest weight with which each lane uses a link.
struct LinkDemand {
  std::vector<LaneWeight> lanes;
  std::uint32_t least_weight = 0;

  void add(std::uint32_t lane, std::uint32_t weight) {
    least_weight = lanes.empty() ? weight : std::min(least_weight, weight);
    const auto found = std::find_if(lanes.begin(), lanes.end(),
                                    [&](const LaneWeight& known) { return known.lane == lane; });
    if (found == lanes.end()) {
      lanes.push_back({lane, weight});
    } else {
      found->weight = std::max(found->weight, weight);
    }
  }
  [[nodiscard]] double slowdown() const {
    double sum = 0;
    for (const LaneWeight& known : lanes) sum += known.weight;
    return lanes.empty() ? 1.0 : sum / least_weight;
  }
};

}  // namespace

// A lane has one transfer at a time, and its flows share no link. Max-min fairness gives each flow
// at least the equal share of one of its links: capacity / (sum of the weights on it).
double worst_slowdown(const StepProgram& program, const Fabric& fabric) {
  std::vector<LinkDemand> demand(fabric.links().size());
  for (const Task& task : program.tasks()) {
    for (const Flow& flow : program.flows_of(task)) {
      for (const LinkUse& use : program.uses_of(flow)) {
        demand.at(use.link).add(task.lane, use.weight);
      }
    }
  }
  double worst = 1.0;
  for (const LinkDemand& link : demand) worst = std::max(worst, link.slowdown());
  return worst;
}

double time_precision(const StepProgram& program, const Fabric& fabric) {
  double end = 0;
  for (const Interval& interval : AnalyticEstimator{}.run(program, fabric)) {
    end = std::max(end, interval.end.si());
  }
  // The clock adds a rounded difference: off by 2^-52 of the time at most, and 2^-50 is safe. The
  // floor is for steps that take no time at all.
  return std::max(1e-15, std::ldexp(end * worst_slowdown(program, fabric), -50));
}

}  // namespace fleetwright
