#pragma once

#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/task_writer.hpp"

namespace fleetwright {

/// A part of a model whose parameters are gathered at once: a layer, or what is around them.
struct ParameterUnit {
  int layer = -1;
  LayerBlock block = LayerBlock::attention;  // embedding and head are units, a layer's blocks not

  bool operator==(const ParameterUnit&) const = default;
};

[[nodiscard]] ParameterUnit unit_of(const PassItem& item);

/// The collectives of ZeRO-3 (PyTorch FSDP, arXiv 2304.11277, section 3.3): the parameters of a
/// unit are gathered before each pass through it and dropped after, and its gradients are reduced
/// and scattered after each backward pass. With prefetch (the stack's overlap_parameter_gather) the
/// next unit is gathered while one computes, and no more than that; embedding and head, the root
/// unit, are kept from the forward pass to the end of the backward pass. With a pipeline all units
/// are kept from the first micro-batch on, and gradients reduced after the last.
class ShardedParameters {
 public:
  ShardedParameters(TaskWriter& writer, const BuiltStep& step) : writer_(writer), step_(step) {}

  [[nodiscard]] bool active(int rank) const {
    return writer_.setup(rank).job.strategy.zero_stage >= 3;
  }

  /// True if the next unit is gathered while one computes.
  [[nodiscard]] bool prefetches(int rank) const {
    return writer_.setup(rank).stack.overlap_parameter_gather.value;
  }

  /// Writes the gathers that a pass through this unit waits for; none if it holds nothing that is
  /// not there. Units must be announced in the order in which a rank computes them.
  std::vector<TaskId> gather(int rank, const StagePass& pass, const ParameterUnit& unit);
  /// Says which kernels were the last of a unit, and writes the reduction of its gradients.
  void computed(int rank, const StagePass& pass, const ParameterUnit& unit, TaskId last_kernel);
  /// The last reduction of a rank, if there was any.
  [[nodiscard]] std::optional<TaskId> last_reduction(int rank) const;

 private:
  struct Held {
    double dense = 0;
    double experts = 0;
  };
  [[nodiscard]] Held parameters(int rank, int stage, const ParameterUnit& unit) const;
  std::vector<TaskId> exchange(int rank, const StagePass& pass, const ParameterUnit& unit,
                               CollectiveKind kind, double bytes_per_parameter, Activity activity,
                               std::span<const TaskId> dependencies);

  TaskWriter& writer_;
  const BuiltStep& step_;
  std::map<int, std::vector<TaskId>> ends_;  // by rank: the last kernels of its units so far
  std::map<int, int> announced_;             // by rank: units that were gathered for
  std::map<int, TaskId> last_reduction_;
};

}  // namespace fleetwright
