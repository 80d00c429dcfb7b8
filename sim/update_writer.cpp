#include "sim/update_writer.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/memory.hpp"

namespace fleetwright {

double updated_parameters(const TrainingJob& job, const BuiltStep& step, int rank) {
  const ParallelStrategy& s = job.strategy;
  const double copies = step.plan.copies_of_each_stage;
  const std::vector<int>& held_stages = step.plan.stages_of_rank[static_cast<std::size_t>(rank)];
  double sum = 0;
  for (const int stage : held_stages) {
    const StageParameters held = stage_parameters(job, step.stages, held_stages, stage);
    sum += s.zero_stage >= 1
               ? held.dense / (copies * s.dp * s.cp) + held.experts / (copies * s.expert_dp())
               : held.dense + held.experts;
  }
  return sum;
}

UpdateWriter::UpdateWriter(TaskWriter& writer, const BuiltStep& step)
    : writer_(writer), step_(step) {}

StageParameters UpdateWriter::parameters(int rank, int stage) const {
  return stage_parameters(writer_.setup(rank).job, step_.stages,
                          step_.plan.stages_of_rank[static_cast<std::size_t>(rank)], stage);
}

std::vector<UpdateWriter::Exchange> UpdateWriter::exchanges(int rank, int stage,
                                                            double bytes_per_parameter) const {
  const StageParameters held = parameters(rank, stage);
  std::vector<Exchange> result;
  if (held.dense > 0) {
    result.push_back({CommunicationGroup::data, Bytes{held.dense * bytes_per_parameter}});
  }
  if (held.experts > 0) {
    result.push_back({CommunicationGroup::expert_data, Bytes{held.experts * bytes_per_parameter}});
  }
  return result;
}

double bucket_parameters(const StepSetup& setup) {
  const double replicas = setup.job.strategy.dp * setup.job.strategy.cp;
  return std::max(setup.stack.gradient_bucket.value,
                  setup.stack.gradient_bucket_per_replica.value * replicas);
}

// A bucket is as large as the stack's, but never less than a stretch of kernels.
std::size_t UpdateWriter::buckets(int rank, int stage, std::size_t stretches) const {
  const StageParameters held = parameters(rank, stage);
  const double bucket = bucket_parameters(writer_.setup(rank));
  const double count = std::floor((held.dense + held.experts) / bucket);
  return static_cast<std::size_t>(std::clamp(count, 1.0, static_cast<double>(stretches)));
}

// A bucket's parameters must be there before the first stretch of kernels that uses them.
void UpdateWriter::gather_beside_forward(int rank, int stage, const SlotWriter& slots) {
  const std::vector<TaskId>& users = slots.first_forward(rank, stage);
  const std::size_t count = buckets(rank, stage, users.size());
  const double share = 1.0 / static_cast<double>(count);
  const TaskPlace place{rank, Activity::optimizer, -1, -1, stage};
  for (std::size_t bucket = 0; bucket < count; ++bucket) {
    const TaskId user = users[bucket * users.size() / count];
    for (const Exchange& e :
         exchanges(rank, stage, writer_.setup(rank).job.precision.parameter_gather_bytes * share)) {
      const Transfer t =
          writer_.machines().collective({CollectiveKind::all_gather, e.group, e.bytes}, rank);
      if (t.flows.empty()) continue;
      writer_.program().add_dependency(user,
                                       writer_.transfer(place, LaneKind::data_parallel, t, {}));
    }
  }
}

// Buckets of the stage's last backward pass, each when its last stretch of kernels is through, or
// one at the end.
std::vector<TaskId> UpdateWriter::reduce_gradients(int rank, int stage, const SlotWriter& slots) {
  std::vector<TaskId> producers = slots.last_gradients(rank, stage);
  if (!writer_.setup(rank).stack.overlap_gradient_reduction.value) producers = {producers.back()};
  const std::size_t count = buckets(rank, stage, producers.size());
  const CollectiveKind kind =
      shards_optimizer(rank) ? CollectiveKind::reduce_scatter : CollectiveKind::all_reduce;
  const double share = 1.0 / static_cast<double>(count);
  const TaskPlace place{rank, Activity::gradient_sync, -1, -1, stage};
  std::vector<TaskId> reduced{producers.back()};
  for (std::size_t bucket = 1; bucket <= count; ++bucket) {
    const TaskId producer = producers[bucket * producers.size() / count - 1];
    for (const Exchange& e :
         exchanges(rank, stage, writer_.setup(rank).job.precision.gradient_reduce_bytes * share)) {
      const Transfer t = writer_.machines().collective({kind, e.group, e.bytes}, rank);
      if (t.flows.empty()) continue;
      reduced.push_back(writer_.transfer(place, LaneKind::data_parallel, t, std::array{producer}));
    }
  }
  return reduced;
}

TaskId UpdateWriter::stream(int rank, std::string_view what, double parameters, double bytes_each,
                            std::span<const TaskId> after) {
  OptimizerUpdate op;
  op.parameters = parameters;
  op.bytes_per_parameter = bytes_each;
  OperatorTime time = writer_.machines().of(rank).times->time(op, {});
  const std::uint32_t work = writer_.add_work(
      {{std::string(what), "optimizer_update", time.time, std::move(time.provenance)}});
  return writer_.kernels({rank, Activity::optimizer, -1, -1, -1}, what, time.time, work, after);
}

// Every GPU of a node hands its share to the same processors.
TaskId UpdateWriter::update_on_host(int rank, std::span<const TaskId> all_reduced) {
  const StepSetup& setup = writer_.setup(rank);
  const double parameters =
      updated_parameters(setup.job, step_, rank) * setup.cluster.gpus_per_node;
  const Sourced<double>& rate = setup.stack.host_optimizer_rate;
  const Seconds time{parameters / rate.value};
  const std::uint32_t work =
      writer_.add_work({{"optimizer on the host", "", time, rate.provenance}});
  return writer_.kernels({rank, Activity::optimizer, -1, -1, -1}, "optimizer on the host", time,
                         work, all_reduced);
}

// The norm reads all gradients once more; the update reads gradients, reads and writes moments and
// master weights, and writes the working copy.
TaskId UpdateWriter::update(int rank, std::span<const TaskId> all_reduced) {
  if (writer_.setup(rank).stack.optimizer_on_host.value) return update_on_host(rank, all_reduced);
  const PrecisionRecipe& p = writer_.setup(rank).job.precision;
  return stream(rank, "optimizer", updated_parameters(writer_.setup(rank).job, step_, rank),
                2 * p.gradient_bytes + 2 * (p.moment_bytes + p.master_bytes) + p.weight_bytes,
                all_reduced);
}

// Whole gradients are set to zero for the next step, and products that read narrow weights have
// them made from the working copy, once a step. Sharded parameters are neither whole nor kept.
void UpdateWriter::prepare_next_step(int rank, TaskId updated,
                                     const std::vector<TaskId>& gathered) {
  if (writer_.setup(rank).job.strategy.zero_stage >= 3) return;
  const PrecisionRecipe& p = writer_.setup(rank).job.precision;
  double held = 0;
  for (const int stage : step_.plan.stages_of_rank[static_cast<std::size_t>(rank)]) {
    const StageParameters of_stage = parameters(rank, stage);
    held += of_stage.dense + of_stage.experts;
  }
  stream(rank, "clear gradients", held, p.gradient_bytes, std::array{updated});
  if (!needs_quantization(p.gemm)) return;
  stream(rank, "quantize weights", held, p.parameter_gather_bytes + bytes_per_element(p.gemm),
         gathered);
}

std::vector<TaskId> UpdateWriter::gather_after_update(int rank, TaskId update) {
  std::vector<TaskId> gathered{update};
  for (const int stage : step_.plan.stages_of_rank[static_cast<std::size_t>(rank)]) {
    for (const Exchange& e :
         exchanges(rank, stage, writer_.setup(rank).job.precision.parameter_gather_bytes)) {
      const Transfer t =
          writer_.machines().collective({CollectiveKind::all_gather, e.group, e.bytes}, rank);
      if (t.flows.empty()) continue;
      gathered.push_back(writer_.transfer({rank, Activity::optimizer, -1, -1, stage},
                                          LaneKind::data_parallel, t, std::array{update}));
    }
  }
  return gathered;
}

void UpdateWriter::write(SlotWriter& slots) {
  const auto sharded = [&](int rank) { return writer_.setup(rank).job.strategy.zero_stage >= 3; };
  const auto gathers = [&](int rank) { return shards_optimizer(rank) && !sharded(rank); };
  const auto beside = [&](int rank) {
    return gathers(rank) && writer_.setup(rank).stack.overlap_parameter_gather.value;
  };
  std::vector<TaskId> all_reduced;
  for (int rank = 0; rank < step_.plan.ranks(); ++rank) {
    const std::vector<int>& stages = step_.plan.stages_of_rank[static_cast<std::size_t>(rank)];
    // The lane runs in this order: everything is gathered before anything is reduced.
    for (const int stage : stages) {
      if (beside(rank)) gather_beside_forward(rank, stage, slots);
    }
    if (sharded(rank)) {
      for (const int stage : stages)
        all_reduced.push_back(slots.last_gradients(rank, stage).back());
      if (const auto reduction = slots.last_reduction(rank)) all_reduced.push_back(*reduction);
      continue;
    }
    for (const int stage : stages) {
      std::ranges::copy(reduce_gradients(rank, stage, slots), std::back_inserter(all_reduced));
    }
  }
  for (int rank = 0; rank < step_.plan.ranks(); ++rank) {
    const TaskId updated = update(rank, all_reduced);
    const bool now = gathers(rank) && !beside(rank);
    prepare_next_step(rank, updated,
                      now ? gather_after_update(rank, updated) : std::vector{updated});
  }
}

}  // namespace fleetwright
