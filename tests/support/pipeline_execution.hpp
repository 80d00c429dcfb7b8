#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/activation_profile.hpp"
#include "models/schedules/pipeline_schedule.hpp"

namespace fleetwright::testing {

/// How long the passes of one stage take. `backward` includes `weight`.
struct PassDurations {
  double forward = 1;
  double backward = 2;
  double weight = 1;
  double pair = 3;
  std::vector<double> of_stage{};  // times these; empty: all stages are alike

  [[nodiscard]] double of(const ScheduleSlot& slot) const {
    const auto stage = static_cast<std::size_t>(slot.first.stage);
    return of_pass(slot) * (of_stage.empty() ? 1 : of_stage[stage]);
  }

 private:
  [[nodiscard]] double of_pass(const ScheduleSlot& slot) const {
    if (slot.paired) return pair;
    switch (slot.first.pass) {
      case Pass::forward:
        return forward;
      case Pass::backward:
        return backward;
      case Pass::input_gradient:
        return backward - weight;
      case Pass::weight_gradient:
        return weight;
    }
    return 0;
  }
};

struct PipelineExecution {
  bool finished = false;  // false: the ranks wait for one another for ever
  double end = 0;
  std::vector<double> busy;  // by rank

  [[nodiscard]] double idle(int rank) const { return end - busy[static_cast<std::size_t>(rank)]; }
};

/// Runs a plan as each rank would: its slots in order, each as soon as what it needs is there, with
/// transfers that take no time. Independent of the estimators, which must agree with it.
class PipelineExecutor {
 public:
  PipelineExecutor(const PipelinePlan& plan, const PassDurations& durations)
      : plan_(plan), durations_(durations), outputs_(cells()), gradients_(cells()) {}

  [[nodiscard]] PipelineExecution run() {
    const auto ranks = plan_.slots.size();
    PipelineExecution result{false, 0, std::vector<double>(ranks)};
    std::vector<double> clock(ranks);
    std::vector<std::size_t> position(ranks);
    for (bool moved = true; moved;) {
      moved = false;
      for (std::size_t rank = 0; rank < ranks; ++rank) {
        for (const auto& slots = plan_.slots[rank]; position[rank] < slots.size();) {
          const ScheduleSlot& slot = slots[position[rank]];
          const auto ready = ready_at(slot);
          if (!ready) break;
          const double duration = durations_.of(slot);
          clock[rank] = std::max(clock[rank], *ready) + duration;
          result.busy[rank] += duration;
          finish(slot, clock[rank]);
          ++position[rank];
          moved = true;
        }
      }
    }
    result.end = *std::max_element(clock.begin(), clock.end());
    result.finished = true;
    for (std::size_t rank = 0; rank < ranks; ++rank) {
      if (position[rank] < plan_.slots[rank].size()) result.finished = false;
    }
    return result;
  }

 private:
  using Time = std::optional<double>;

  [[nodiscard]] std::size_t cells() const {
    return static_cast<std::size_t>(plan_.stages) * static_cast<std::size_t>(plan_.micro_batches);
  }
  [[nodiscard]] std::size_t cell(int stage, int micro_batch) const {
    return static_cast<std::size_t>(stage * plan_.micro_batches + micro_batch);
  }

  /// When the last input of a pass is there, or nothing while one is missing.
  [[nodiscard]] Time ready_at(const StagePass& pass) const {
    const std::size_t own = cell(pass.stage, pass.micro_batch);
    if (pass.pass == Pass::weight_gradient) return gradients_[own];
    if (pass.pass == Pass::forward) {
      return pass.stage == 0 ? Time{0} : outputs_[cell(pass.stage - 1, pass.micro_batch)];
    }
    if (pass.stage == plan_.stages - 1) return outputs_[own];
    return later(outputs_[own], gradients_[cell(pass.stage + 1, pass.micro_batch)]);
  }
  [[nodiscard]] Time ready_at(const ScheduleSlot& slot) const {
    if (!slot.paired) return ready_at(slot.first);
    return later(ready_at(slot.first), ready_at(*slot.paired));
  }
  static Time later(Time a, Time b) { return a && b ? Time{std::max(*a, *b)} : std::nullopt; }

  void finish(const StagePass& pass, double now) {
    const std::size_t own = cell(pass.stage, pass.micro_batch);
    if (pass.pass == Pass::forward) {
      outputs_[own] = now;
    } else if (pass.pass != Pass::weight_gradient) {
      gradients_[own] = now;
    }
  }
  void finish(const ScheduleSlot& slot, double now) {
    finish(slot.first, now);
    if (slot.paired) finish(*slot.paired, now);
  }

  const PipelinePlan& plan_;
  PassDurations durations_;
  std::vector<Time> outputs_;    // end of the forward of each (stage, micro-batch)
  std::vector<Time> gradients_;  // end of its input gradient
};

[[nodiscard]] inline PipelineExecution execute(const PipelinePlan& plan,
                                               const PassDurations& durations = {}) {
  return PipelineExecutor(plan, durations).run();
}

/// The activations a rank must keep at the most, in units of one stage and micro-batch: all of them
/// until the weight gradient is computed.
[[nodiscard]] inline int peak_in_flight(const std::vector<ScheduleSlot>& slots) {
  int stages = 0;
  for (const ScheduleSlot& slot : slots) stages = std::max(stages, slot.first.stage + 1);
  const std::vector<StageActivations> unit(static_cast<std::size_t>(stages), {1_B, 1_B});
  return static_cast<int>(peak_activations(slots, unit).si());
}

/// One letter a pass and the number of its micro-batch, pairs joined: "F0 F1+B0 I1 W1". Small
/// letters for stages from `small_from` on: the second stage of a rank in a V.
[[nodiscard]] inline std::string order_text(const std::vector<ScheduleSlot>& slots,
                                            int small_from = std::numeric_limits<int>::max()) {
  const auto text = [&](const StagePass& pass) {
    const std::string_view letters = pass.stage < small_from ? "FBIW" : "fbiw";  // as in Pass
    return letters[static_cast<std::size_t>(pass.pass)] + std::to_string(pass.micro_batch);
  };
  std::string order;
  for (const ScheduleSlot& slot : slots) {
    if (!order.empty()) order += ' ';
    order += text(slot.first);
    if (slot.paired) order += '+' + text(*slot.paired);
  }
  return order;
}

}  // namespace fleetwright::testing
