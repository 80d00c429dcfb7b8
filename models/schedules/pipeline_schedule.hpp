#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/registry.hpp"

namespace fleetwright {

/// What a pipeline stage does with a micro-batch. `backward` is both gradients in one go;
/// zero-bubble schedules take the two apart.
enum class Pass { forward, backward, input_gradient, weight_gradient };

[[nodiscard]] std::string_view to_string(Pass pass);

struct StagePass {
  Pass pass = Pass::forward;
  int stage = 0;  // model stage, 0 holds the embedding
  int micro_batch = 0;

  bool operator==(const StagePass&) const = default;
};

/// One entry of a rank's order: a pass alone, or a forward and a backward pass interleaved so that
/// the communication of each hides under the computation of the other.
struct ScheduleSlot {
  StagePass first;
  std::optional<StagePass> paired;  // a backward pass; `first` is then a forward pass

  bool operator==(const ScheduleSlot&) const = default;
};

/// Who computes what, in which order.
struct PipelinePlan {
  int stages = 0;  // of the model; equals the ranks unless a rank holds several
  int micro_batches = 0;
  std::vector<std::vector<int>> stages_of_rank;  // which model stages a rank holds
  std::vector<std::vector<ScheduleSlot>> slots;  // each rank's order
  int copies_of_each_stage = 1;                  // 2 for bidirectional pipelines

  [[nodiscard]] int ranks() const { return static_cast<int>(slots.size()); }
  /// The rank that runs `stage` for `micro_batch`.
  [[nodiscard]] int rank_of(int stage, int micro_batch) const;
  /// As found in `slots`: rank_table[stage * micro_batches + micro_batch]. Filled by the schedule.
  std::vector<int> rank_table;
};

/// The shape a schedule is asked for.
struct PipelineShape {
  int ranks = 1;
  int chunks = 1;  // model chunks a rank (virtual stages); dualpipe ignores it
  int micro_batches = 1;
};

/// An order of passes. Members are stateless.
class PipelineSchedule {
 public:
  virtual ~PipelineSchedule() = default;

  /// Model chunks that a rank holds, or nothing where that is for the user to choose.
  [[nodiscard]] virtual std::optional<int> fixed_chunks() const = 0;

  /// The rule that this shape breaks, with its values ("dualpipe needs at least 2 x pp
  /// micro-batches: 16 < 32"), or nothing.
  [[nodiscard]] virtual std::optional<std::string> refuses(const PipelineShape& shape) const = 0;

  /// The order for a shape that is not refused. Every (stage, micro-batch) goes forward once and
  /// backward once; each rank's order can run without deadlock.
  [[nodiscard]] virtual PipelinePlan plan(const PipelineShape& shape) const = 0;

  /// Idle time of a rank by the published closed form for equal stages, in terms of the duration of
  /// a micro-batch's passes through all stages that a rank holds (one, or `chunks`); `backward`
  /// includes `weight`; `forward_backward` is the duration of a pair (f + b if nothing overlaps).
  /// Nothing where no closed form is published.
  [[nodiscard]] virtual std::optional<double> bubble(const PipelineShape& shape, double forward,
                                                     double backward, double weight,
                                                     double forward_backward) const = 0;
};

using ScheduleFactory = std::unique_ptr<PipelineSchedule> (*)();

/// The members: one .cpp and one row each.
[[nodiscard]] std::span<const RegistryRow<ScheduleFactory>> builtin_schedules();

}  // namespace fleetwright
