#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/pipeline_execution.hpp"

// What the conformance tests of schedules share: shapes, and the promises that each plan keeps.
namespace fleetwright::testing {

inline std::unique_ptr<PipelineSchedule> schedule_named(std::string_view name) {
  const auto* row = find_row(builtin_schedules(), name);
  return row == nullptr ? nullptr : row->make();
}

/// A random number of [low, high], all alike: RapidCheck alone would start with the smallest.
inline int pick(int low, int high) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(low, high + 1));
}

/// What happened to one (stage, micro-batch) while a rank's slots are read in order.
struct Progress {
  int forwards = 0;
  int backwards = 0;
  int input_gradients = 0;
  int weight_gradients = 0;

  [[nodiscard]] bool complete() const {
    const bool whole = backwards == 1 && input_gradients == 0 && weight_gradients == 0;
    const bool split = backwards == 0 && input_gradients == 1 && weight_gradients == 1;
    return forwards == 1 && (whole || split);
  }
};

/// The promises of PipelineSchedule::plan; the first that is broken, or nothing.
class PlanCheck {
 public:
  explicit PlanCheck(const PipelinePlan& plan)
      : plan_(plan), progress_(static_cast<std::size_t>(plan.stages * plan.micro_batches)) {}

  std::string broken_promise() {
    for (int rank = 0; rank < plan_.ranks(); ++rank) {
      for (const ScheduleSlot& slot : plan_.slots[static_cast<std::size_t>(rank)]) {
        if (slot.paired &&
            (slot.first.pass != Pass::forward || slot.paired->pass != Pass::backward)) {
          return "a pair is a forward and a backward";
        }
        // The backward first: it must not need the forward beside it.
        if (slot.paired) see(rank, *slot.paired);
        see(rank, slot.first);
        if (!broken_.empty()) return broken_;
      }
    }
    for (const Progress& progress : progress_) {
      if (!progress.complete()) return "each stage and micro-batch forward once, backward once";
    }
    if (!each_stage_is_held()) return "each stage is held copies_of_each_stage times";
    if (!execute(plan_).finished) return "no deadlock";
    return "";
  }

 private:
  void see(int rank, const StagePass& pass) {
    if (pass.stage < 0 || pass.stage >= plan_.stages || pass.micro_batch < 0 ||
        pass.micro_batch >= plan_.micro_batches) {
      broken_ = "stages and micro-batches of the plan alone";
      return;
    }
    const auto& held = plan_.stages_of_rank[static_cast<std::size_t>(rank)];
    if (std::find(held.begin(), held.end(), pass.stage) == held.end()) {
      broken_ = "a rank runs the stages it holds";
    }
    if (plan_.rank_of(pass.stage, pass.micro_batch) != rank) broken_ = "rank_of is what runs";
    Progress& progress =
        progress_[static_cast<std::size_t>(pass.stage * plan_.micro_batches + pass.micro_batch)];
    switch (pass.pass) {
      case Pass::forward:
        ++progress.forwards;
        return;
      case Pass::backward:
        ++progress.backwards;
        break;
      case Pass::input_gradient:
        ++progress.input_gradients;
        break;
      case Pass::weight_gradient:
        ++progress.weight_gradients;
        if (progress.input_gradients == 0) broken_ = "input gradient before weight gradient";
        break;
    }
    if (progress.forwards == 0) broken_ = "forward before backward";
  }

  [[nodiscard]] bool each_stage_is_held() const {
    std::vector<int> copies(static_cast<std::size_t>(plan_.stages));
    for (const auto& held : plan_.stages_of_rank) {
      for (const int stage : held) ++copies[static_cast<std::size_t>(stage)];
    }
    return std::all_of(copies.begin(), copies.end(),
                       [this](int count) { return count == plan_.copies_of_each_stage; });
  }

  const PipelinePlan& plan_;
  std::vector<Progress> progress_;
  std::string broken_;
};

inline std::string describe(std::string_view name, const PipelineShape& shape) {
  return std::string(name) + " ranks " + std::to_string(shape.ranks) + " chunks " +
         std::to_string(shape.chunks) + " micro-batches " + std::to_string(shape.micro_batches);
}

/// All small shapes and some of the size in use.
inline std::vector<PipelineShape> shapes() {
  std::vector<PipelineShape> shapes{{16, 1, 120}, {16, 2, 128}, {12, 8, 96}, {64, 1, 256}};
  for (const int ranks : {1, 2, 3, 4, 6, 8}) {
    for (const int chunks : {1, 2, 3}) {
      for (const int micro_batches : {1, 2, 3, 4, 6, 8, 9, 12, 16, 24, 30}) {
        shapes.push_back({ranks, chunks, micro_batches});
      }
    }
  }
  return shapes;
}

/// Calls `body(shape, plan, schedule)` for each of `shapes()` that the schedule does not refuse.
template <typename Body>
void for_each_plan(std::string_view name, const Body& body) {
  const auto schedule = schedule_named(name);
  ASSERT_NE(schedule, nullptr);
  int accepted = 0;
  for (const PipelineShape& shape : shapes()) {
    if (schedule->refuses(shape)) continue;
    ++accepted;
    SCOPED_TRACE(describe(name, shape));
    body(shape, schedule->plan(shape), *schedule);
  }
  EXPECT_GT(accepted, 10);
}

}  // namespace fleetwright::testing
