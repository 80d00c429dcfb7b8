#include "sim/cluster_simulation.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "sim/program_builder.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {
namespace {

int part_of(const std::vector<ColumnPart>& parts, int column) {
  for (std::size_t part = 0; part < parts.size(); ++part) {
    if (std::ranges::binary_search(parts[part].represents, column)) return static_cast<int>(part);
  }
  return 0;
}

std::vector<std::string> notes_on(const Unfolding& unfolding, const UnfoldedStep& step,
                                  std::size_t done, int asked) {
  std::vector<std::string> notes;
  if (done < static_cast<std::size_t>(asked)) {
    notes.push_back(fmt::format("stopped after {} of {} steps", done, asked));
  }
  const Variation& v = unfolding.variation;
  const bool folded = step.parts().size() < static_cast<std::size_t>(step.layout().count);
  if (!unfolding.all_columns && v.is_random() && step.layout().count > 1) {
    notes.emplace_back(
        "every column is simulated: where parts differ at random, one that stands for all would be "
        "faster than the slowest of them");
  }
  if (folded && !v.is_even()) {
    notes.emplace_back("columns without a slow part are simulated as one");
  }
  if (unfolding.granularity == Granularity::analytic) {
    notes.emplace_back("transfers do not share links");
  }
  if (unfolding.granularity == Granularity::coflow && !v.slow_links.empty()) {
    notes.emplace_back("a slow port or NIC slows the whole transfer of its column");
  }
  if (unfolding.granularity == Granularity::coflow && v.experts.kind != ExpertSkew::Kind::none) {
    notes.emplace_back("uneven exchanges take as long as on their fullest node and GPU");
  }
  return notes;
}

}  // namespace

ClusterSimulation simulate_cluster(const StepSetup& setup, const Unfolding& unfolding,
                                   const RunPlan& plan, const Estimator& estimator) {
  const Fabric fabric = build_fabric(setup.cluster);
  const BuiltStep built = build_step(setup, fabric, *make_time_model(setup));
  UnfoldedStep step(setup, built, fabric, unfolding);
  RunPlan of_parts = plan;
  of_parts.recorded = part_of(step.parts(), plan.recorded);
  ColumnRun run = estimator.run(step, of_parts);
  StepEstimate estimate = estimate_of(setup, built, step, of_parts, run);
  estimate.engine = estimator.name();
  const int recorded = step.parts()[static_cast<std::size_t>(of_parts.recorded)].column;
  const std::size_t steps = run.steps.size();
  return {unfolding.granularity, std::move(estimate),
          std::move(run),        recorded,
          step.layout(),         step.parts(),
          step.fabric(),         notes_on(unfolding, step, steps, plan.steps)};
}

}  // namespace fleetwright
