#include "sim/islands.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <span>

#include "models/core/error.hpp"
#include "models/parameters.hpp"
#include "sim/critical_path.hpp"
#include "sim/island_platform.hpp"
#include "sim/rank_time.hpp"
#include "sim/step_phases.hpp"

namespace fleetwright {
namespace {

int decoder_layers(const TrainingJob& job, const StageContent& stage) {
  return static_cast<int>(
      std::ranges::count_if(stage.layers, [&](int layer) { return layer < job.model.layers; }));
}

std::vector<int> layers_of(const TrainingJob& job, const BuiltStep& step, int first_rank,
                           int ranks) {
  std::vector<int> layers;
  for (int rank = first_rank; rank < first_rank + ranks; ++rank) {
    int sum = 0;
    for (const int stage : step.plan.stages_of_rank[static_cast<std::size_t>(rank)]) {
      sum += decoder_layers(job, step.stages[static_cast<std::size_t>(stage)]);
    }
    layers.push_back(sum);
  }
  return layers;
}

// Each stage once.
double parameters_of(const ModelConfig& model, const BuiltStep& step, int first_rank, int ranks) {
  double sum = 0;
  for (int rank = first_rank; rank < first_rank + ranks; ++rank) {
    for (const int at : step.plan.stages_of_rank[static_cast<std::size_t>(rank)]) {
      const StageContent& stage = step.stages[static_cast<std::size_t>(at)];
      for (const int layer : stage.layers) {
        if (layer < model.layers) sum += layer_parameters(model, layer).total();
      }
      if (stage.embedding) sum += embedding_parameters(model);
      if (stage.head) sum += head_parameters(model) + final_norm_parameters(model);
    }
  }
  return sum;
}

// Memory and layers of the ranks of an island, where `step` has them from `first` on.
void add_ranks(const IslandPart& part, const BuiltStep& step, int first, IslandUse use,
               IslandEstimate& estimate) {
  const TrainingJob& job = part.setup.job;
  const auto memory = memory_footprints(job, step.stages, step.plan);
  use.name = part.name;
  use.first_rank = static_cast<int>(estimate.step.memory.size());
  use.used = use.ranks * stage_gpus(job.strategy);
  use.stage_layers = layers_of(job, step, first, use.ranks);
  std::copy_n(memory.begin() + first, use.ranks, std::back_inserter(estimate.step.memory));
  estimate.step.stage_layers.insert(estimate.step.stage_layers.end(), use.stage_layers.begin(),
                                    use.stage_layers.end());
  estimate.islands.push_back(std::move(use));
}

void add_times(const BuiltStep& step, const std::vector<FabricLink>& links, const ColumnRun& run,
               IslandEstimate& estimate) {
  StepEstimate& e = estimate.step;
  e.time = run.steps.front();
  e.links = link_usage(run, links);
  e.ranks = rank_times(step.program, run.timeline, static_cast<int>(e.memory.size()), e.time);
  const std::vector<StepPhases> phases = rank_phases(step, run.timeline, e.ranks);
  const auto critical = std::ranges::min_element(e.ranks, {}, &RankTime::bubble);
  e.critical_rank = static_cast<int>(critical - e.ranks.begin());
  e.trace = trace_of(step.program, run.timeline);
  e.bound_by = critical_shares(step, run.timeline);
  e.bound_by.resize(std::min<std::size_t>(e.bound_by.size(), 3));
  e.provenance = kernel_provenance(step, run.timeline, e.critical_rank);
  double used = 0;
  for (const IslandUse& use : estimate.islands) used += use.used;
  for (IslandUse& use : estimate.islands) {
    use.phases = mean_phases(std::span(phases).subspan(static_cast<std::size_t>(use.first_rank),
                                                       static_cast<std::size_t>(use.ranks)));
    use.idle = use.phases.waiting / e.time;
    use.busy = e.time * (1 - use.idle);
    add_share(use.phases, use.used / used, e.phases);
  }
}

}  // namespace

std::string_view to_string(IslandMode mode) {
  switch (mode) {
    case IslandMode::pipeline:
      return "pipeline";
    case IslandMode::replicas:
      return "replicas";
  }
  fail_invariant("IslandMode", "unknown value");
}

int IslandJob::global_batch() const {
  if (mode == IslandMode::pipeline) return parts.front().setup.job.strategy.global_batch;
  return std::accumulate(parts.begin(), parts.end(), 0, [](int sum, const IslandPart& part) {
    return sum + part.setup.job.strategy.global_batch;
  });
}

const IslandLink* IslandJob::link(int a, int b) const {
  const auto at = std::ranges::find_if(links, [&](const IslandLink& link) {
    return (link.first == a && link.second == b) || (link.first == b && link.second == a);
  });
  return at == links.end() ? nullptr : &*at;
}

IslandEstimate estimate_islands(const IslandJob& job, const Estimator& estimator) {
  const IslandPlatform platform(job);
  IslandEstimate estimate;
  const auto run = [&](const BuiltStep& step) {
    SingleColumn column(step.program, platform.links());
    add_times(step, platform.links(), estimator.run(column, {}), estimate);
    estimate.step.engine = estimator.name();
  };
  if (job.mode == IslandMode::pipeline) {
    const BuiltStep step = build_island_pipeline(job, platform);
    int first = 0;
    for (const IslandPart& part : job.parts) {
      const ParallelStrategy& s = part.setup.job.strategy;
      IslandUse use;
      use.ranks = s.pp;
      use.sequences = s.global_batch;
      use.parameters = parameters_of(part.setup.job.model, step, first, s.pp);
      add_ranks(part, step, first, std::move(use), estimate);
      first += s.pp;
    }
    run(step);
  } else {
    const ReplicaStep step = build_island_replicas(job, platform);
    for (std::size_t i = 0; i < job.parts.size(); ++i) {
      IslandUse use;
      use.ranks = step.parts[i].plan.ranks();
      use.sequences = job.parts[i].setup.job.strategy.global_batch;
      use.parameters = total_parameters(job.parts[i].setup.job.model);
      add_ranks(job.parts[i], step.parts[i], 0, std::move(use), estimate);
    }
    run(step.joined);
  }
  return estimate;
}

}  // namespace fleetwright
