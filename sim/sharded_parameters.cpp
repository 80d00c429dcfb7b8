#include "sim/sharded_parameters.hpp"

#include <algorithm>
#include <array>

#include "models/memory.hpp"

namespace fleetwright {

ParameterUnit unit_of(const PassItem& item) {
  if (item.block == LayerBlock::embedding) return {-1, LayerBlock::embedding};
  if (item.block == LayerBlock::head) return {-1, LayerBlock::head};
  return {item.layer, LayerBlock::attention};
}

// Where a rank holds both ends of the model, the embedding's unit stands for both.
ShardedParameters::Held ShardedParameters::parameters(int rank, int stage,
                                                      const ParameterUnit& unit) const {
  const StageContent& content = step_.stages[static_cast<std::size_t>(stage)];
  StageContent part;
  if (unit.block == LayerBlock::embedding) {
    part.embedding = content.embedding;
    part.head = content.head;
  } else if (unit.block == LayerBlock::head) {
    part.head = !content.embedding;
  } else {
    part.layers = {unit.layer};
  }
  const StageParameters held = stage_parameters(writer_.setup(rank).job, part);
  return {held.dense, held.experts};
}

std::vector<TaskId> ShardedParameters::exchange(int rank, const StagePass& pass,
                                                const ParameterUnit& unit, CollectiveKind kind,
                                                double bytes_per_parameter, Activity activity,
                                                std::span<const TaskId> dependencies) {
  const Held held = parameters(rank, pass.stage, unit);
  const TaskPlace place{rank, activity, unit.layer, pass.micro_batch, pass.stage};
  std::vector<TaskId> tasks;
  for (const auto& [group, parameters] :
       {std::pair(CommunicationGroup::data, held.dense),
        std::pair(CommunicationGroup::expert_data, held.experts)}) {
    if (parameters == 0) continue;
    const Transfer t =
        writer_.machines().collective({kind, group, Bytes{parameters * bytes_per_parameter}}, rank);
    if (t.flows.empty()) continue;
    tasks.push_back(writer_.transfer(place, LaneKind::data_parallel, t, dependencies));
  }
  return tasks;
}

std::vector<TaskId> ShardedParameters::gather(int rank, const StagePass& pass,
                                              const ParameterUnit& unit) {
  const int number = announced_[rank]++;
  const bool backward = pass.pass != Pass::forward;
  const bool root = unit.block != LayerBlock::attention;
  const ParallelStrategy& strategy = writer_.setup(rank).job.strategy;
  if (backward && root) return {};
  if (strategy.keeps_gathered() && (backward || pass.micro_batch > 0)) return {};
  // Memory for a unit comes free when the one before the last has been computed.
  const int waits_for = number - (prefetches(rank) ? 2 : 1);
  const std::vector<TaskId>& ends = ends_[rank];
  std::vector<TaskId> dependencies;
  if (waits_for >= 0 && waits_for < static_cast<int>(ends.size())) {
    dependencies.push_back(ends[static_cast<std::size_t>(waits_for)]);
  }
  return exchange(rank, pass, unit, CollectiveKind::all_gather,
                  writer_.setup(rank).job.precision.parameter_gather_bytes,
                  backward ? Activity::backward : Activity::forward, dependencies);
}

void ShardedParameters::computed(int rank, const StagePass& pass, const ParameterUnit& unit,
                                 TaskId last_kernel) {
  ends_[rank].push_back(last_kernel);
  if (pass.pass != Pass::backward && pass.pass != Pass::weight_gradient) return;
  const ParallelStrategy& strategy = writer_.setup(rank).job.strategy;
  if (strategy.keeps_gathered() && pass.micro_batch + 1 < strategy.micro_batches()) return;
  const auto tasks = exchange(rank, pass, unit, CollectiveKind::reduce_scatter,
                              writer_.setup(rank).job.precision.gradient_reduce_bytes,
                              Activity::gradient_sync, std::array{last_kernel});
  if (!tasks.empty()) last_reduction_[rank] = tasks.back();
}

std::optional<TaskId> ShardedParameters::last_reduction(int rank) const {
  const auto at = last_reduction_.find(rank);
  if (at == last_reduction_.end()) return std::nullopt;
  return at->second;
}

}  // namespace fleetwright
