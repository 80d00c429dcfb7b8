#include "sim/step_estimate.hpp"

#include <algorithm>

#include "sim/critical_path.hpp"
#include "sim/memory_over_time.hpp"
#include "sim/program_builder.hpp"
#include "sim/rank_time.hpp"
#include "sim/step_phases.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {
namespace {

// Enough to see what is full, few enough for a viewer.
constexpr std::size_t traced_links = 32;

std::vector<ProvenanceEntry> link_provenance(const Cluster& cluster) {
  return {{"link.scale_up.achievable_bandwidth (" + cluster.scale_up.id + ")",
           cluster.scale_up.achievable_bandwidth.provenance},
          {"link.nic.achievable_bandwidth (" + cluster.nic.id + ")",
           cluster.nic.achievable_bandwidth.provenance},
          {"link.nic.latency (" + cluster.nic.id + ")", cluster.nic.latency.provenance}};
}

std::vector<ProvenanceEntry> stack_provenance(const SoftwareStack& stack) {
  return {{"software.communication_sms (" + stack.id + ")", stack.communication_sms.provenance},
          {"software.reserves_communication_sms (" + stack.id + ")",
           stack.reserves_communication_sms.provenance},
          {"software.kernel_gap (" + stack.id + ")", stack.kernel_gap.provenance},
          {"software.overlap_gradient_reduction (" + stack.id + ")",
           stack.overlap_gradient_reduction.provenance},
          {"software.overlap_parameter_gather (" + stack.id + ")",
           stack.overlap_parameter_gather.provenance}};
}

}  // namespace

StepParts StepEstimate::mean_parts() const {
  StepParts mean;
  const double share = 1.0 / static_cast<double>(ranks.size());
  for (const RankTime& rank : ranks) {
    for (const auto part : {&StepParts::forward, &StepParts::backward, &StepParts::weight_gradient,
                            &StepParts::overlapped, &StepParts::gradient_sync,
                            &StepParts::optimizer, &StepParts::bubble}) {
      mean.*part += rank.parts.*part * share;
    }
  }
  return mean;
}

const MemoryFootprint& StepEstimate::fullest() const {
  return *std::ranges::max_element(memory, {}, [](const MemoryFootprint& f) { return f.peak(); });
}

StepEstimate estimate_of(const StepSetup& setup, const BuiltStep& step, const ColumnStep& columns,
                         const RunPlan& plan, const ColumnRun& run) {
  const Timeline& timeline = run.timeline;
  StepEstimate estimate;
  estimate.time = run.steps.front();
  estimate.links = link_usage(run, columns.links());
  estimate.ranks = rank_times(step.program, timeline, step.plan.ranks(), estimate.time);
  estimate.phases = mean_phases(rank_phases(step, timeline, estimate.ranks));
  const auto critical = std::ranges::min_element(estimate.ranks, {}, &RankTime::bubble);
  estimate.critical_rank = static_cast<int>(critical - estimate.ranks.begin());
  estimate.trace = trace_of(step.program, timeline);
  estimate.trace.memory = memory_over_time(setup.job, step, timeline);
  estimate.trace.links = link_loads(columns, plan.recorded, timeline, traced_links);
  estimate.memory = memory_footprints(setup.job, step.stages, step.plan);
  estimate.bound_by = critical_shares(step, timeline);
  estimate.bound_by.resize(std::min<std::size_t>(estimate.bound_by.size(), 3));
  for (const StageContent& stage : step.stages) {
    estimate.stage_layers.push_back(static_cast<int>(std::ranges::count_if(
        stage.layers, [&](int layer) { return layer < setup.job.model.layers; })));
  }
  estimate.provenance = kernel_provenance(step, timeline, estimate.critical_rank);
  std::ranges::move(link_provenance(setup.cluster), std::back_inserter(estimate.provenance));
  std::ranges::move(stack_provenance(setup.stack), std::back_inserter(estimate.provenance));
  return estimate;
}

StepEstimate estimate_step(const StepSetup& setup, const Estimator& estimator) {
  const Fabric fabric = build_fabric(setup.cluster);
  const auto times = make_time_model(setup);
  const BuiltStep step = build_step(setup, fabric, *times);
  SingleColumn column(step.program, fabric);
  StepEstimate estimate = estimate_of(setup, step, column, {}, estimator.run(column, {}));
  estimate.engine = estimator.name();
  return estimate;
}

}  // namespace fleetwright
