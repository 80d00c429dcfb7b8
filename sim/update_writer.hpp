#pragma once

#include "sim/slot_writer.hpp"

namespace fleetwright {

/// Writes what surrounds the passes: parameters gathered before or during the first ones, gradients
/// reduced during or after the last ones, and the optimizer, which waits for the norm of all
/// gradients and so for every pipeline rank.
class UpdateWriter {
 public:
  UpdateWriter(TaskWriter& writer, const BuiltStep& step);

  void write(SlotWriter& slots);

 private:
  /// A collective of a stage's dense or expert parameters; `bytes` on the wire.
  struct Exchange {
    CommunicationGroup group = CommunicationGroup::data;
    Bytes bytes;
  };

  [[nodiscard]] StageParameters parameters(int rank, int stage) const;
  [[nodiscard]] std::vector<Exchange> exchanges(int rank, int stage,
                                                double bytes_per_parameter) const;
  /// In how many collectives a stage's parameters go, at most one for each stretch of kernels.
  [[nodiscard]] std::size_t buckets(int rank, int stage, std::size_t stretches) const;
  [[nodiscard]] bool shards_optimizer(int rank) const {
    return writer_.setup(rank).job.strategy.zero_stage >= 1;
  }
  void gather_beside_forward(int rank, int stage, const SlotWriter& slots);
  std::vector<TaskId> reduce_gradients(int rank, int stage, const SlotWriter& slots);
  /// A kernel that passes over parameters once, bound by memory.
  TaskId stream(int rank, std::string_view what, double parameters, double bytes_each,
                std::span<const TaskId> after);
  TaskId update(int rank, std::span<const TaskId> all_reduced);
  TaskId update_on_host(int rank, std::span<const TaskId> all_reduced);
  void prepare_next_step(int rank, TaskId updated, const std::vector<TaskId>& gathered);
  /// The update and what it waits for until all parameters are there.
  std::vector<TaskId> gather_after_update(int rank, TaskId update);
  TaskWriter& writer_;
  const BuiltStep& step_;
};

/// Parameters whose gradients are reduced together.
[[nodiscard]] double bucket_parameters(const StepSetup& setup);

/// Parameters that one GPU of a rank updates: its share where the optimizer is sharded.
[[nodiscard]] double updated_parameters(const TrainingJob& job, const BuiltStep& step, int rank);

}  // namespace fleetwright
