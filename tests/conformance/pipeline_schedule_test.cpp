#include "models/schedules/pipeline_schedule.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/pipeline_execution.hpp"

// Every member of the family keeps its promises: what runs, where, in which order, how long it
// takes and how much it keeps alive.
namespace fleetwright {
namespace {

using testing::execute;
using testing::order_text;
using testing::PassDurations;
using testing::peak_in_flight;

std::unique_ptr<PipelineSchedule> schedule_named(std::string_view name) {
  const auto* row = find_row(builtin_schedules(), name);
  return row == nullptr ? nullptr : row->make();
}

/// A random number of [low, high], all alike: RapidCheck alone would start with the smallest.
int pick(int low, int high) {
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

std::string describe(std::string_view name, const PipelineShape& shape) {
  return std::string(name) + " ranks " + std::to_string(shape.ranks) + " chunks " +
         std::to_string(shape.chunks) + " micro-batches " + std::to_string(shape.micro_batches);
}

/// All small shapes and some of the size in use.
std::vector<PipelineShape> shapes() {
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

TEST(PipelineSchedules, HaveUniqueNamesAndOneSentenceOfHelp) {
  EXPECT_EQ(names_of(builtin_schedules()),
            (std::vector<std::string>{"1f1b", "interleaved", "dualpipe"}));
  std::set<std::string_view> names;
  for (const auto& row : builtin_schedules()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    ASSERT_FALSE(row.help.empty());
    EXPECT_EQ(row.help.find('.'), row.help.size() - 1) << row.help;
    EXPECT_NE(row.make(), nullptr);
  }
}

TEST(PipelineSchedules, KeepTheirPromisesForEveryShape) {
  for (const auto& row : builtin_schedules()) {
    for_each_plan(row.name, [](const PipelineShape& shape, const PipelinePlan& plan, const auto&) {
      EXPECT_EQ(plan.ranks(), shape.ranks);
      EXPECT_EQ(plan.micro_batches, shape.micro_batches);
      EXPECT_EQ(PlanCheck(plan).broken_promise(), "");
    });
  }
}

RC_GTEST_PROP(PipelineSchedules, RefuseAShapeOrKeepTheirPromises, ()) {
  // Half of them a multiple of twice the ranks, which most schedules accept.
  const int ranks = pick(0, 20);
  const bool multiple = pick(0, 1) == 1;
  const PipelineShape shape{ranks, pick(0, 4), multiple ? 2 * ranks * pick(1, 5) : pick(0, 120)};
  for (const auto& row : builtin_schedules()) {
    const auto schedule = row.make();
    if (const auto rule = schedule->refuses(shape)) {
      RC_ASSERT(!rule->empty());
      continue;
    }
    const PipelinePlan plan = schedule->plan(shape);
    RC_ASSERT(PlanCheck(plan).broken_promise() == std::string());
    RC_ASSERT(schedule->bubble(shape, 1, 2, 1, 3).has_value());
  }
}

TEST(PipelineSchedules, NameTheirPasses) {
  EXPECT_EQ(to_string(Pass::forward), "forward");
  EXPECT_EQ(to_string(Pass::backward), "backward");
  EXPECT_EQ(to_string(Pass::input_gradient), "input gradient");
  EXPECT_EQ(to_string(Pass::weight_gradient), "weight gradient");
}

TEST(OneFOneB, TakesTheOrderOfThePaper) {  // arXiv 2104.04473 figure 3
  const PipelinePlan plan = schedule_named("1f1b")->plan({4, 1, 8});
  EXPECT_EQ(order_text(plan.slots[0]), "F0 F1 F2 F3 B0 F4 B1 F5 B2 F6 B3 F7 B4 B5 B6 B7");
  EXPECT_EQ(order_text(plan.slots[3]), "F0 B0 F1 B1 F2 B2 F3 B3 F4 B4 F5 B5 F6 B6 F7 B7");
}

TEST(OneFOneB, IsIdleForTheClosedFormExactly) {
  const PassDurations durations{.forward = 5, .backward = 11};
  for_each_plan("1f1b", [&](const auto& shape, const auto& plan, const auto& schedule) {
    const double bubble = schedule.bubble(shape, 5, 11, 0, 16).value();
    EXPECT_EQ(bubble, (shape.ranks - 1) * 16);
    EXPECT_EQ(execute(plan, durations).end, shape.micro_batches * 16 + bubble);
  });
}

TEST(OneFOneB, KeepsPMinusRMicroBatchesAlive) {
  for_each_plan("1f1b", [](const auto& shape, const auto& plan, const auto&) {
    for (int rank = 0; rank < shape.ranks; ++rank) {
      EXPECT_EQ(peak_in_flight(plan.slots[static_cast<std::size_t>(rank)]),
                std::min(shape.micro_batches, shape.ranks - rank));
    }
  });
}

TEST(OneFOneB, SaysWhatItRefuses) {
  const auto schedule = schedule_named("1f1b");
  EXPECT_EQ(schedule->refuses({4, 2, 8}),
            "1f1b runs 1 model chunk a rank: 2 > 1 (use interleaved)");
  EXPECT_EQ(schedule->refuses({4, 1, 0}),
            "a pipeline needs at least 1 rank, 1 model chunk a rank and 1 micro-batch: 4, 1 and 0");
  EXPECT_EQ(schedule->refuses({1, 1, 1}), std::nullopt);
}

TEST(Interleaved, TakesTheOrderOfThePaper) {  // arXiv 2104.04473 figure 4, lower half
  const PipelinePlan plan = schedule_named("interleaved")->plan({4, 2, 8});
  EXPECT_EQ(plan.stages_of_rank[1], (std::vector<int>{1, 5}));
  EXPECT_EQ(order_text(plan.slots[0]),
            "F0 F1 F2 F3 F0 F1 F2 F3 F4 F5 F6 B0 F7 B1 F4 B2 F5 B3 F6 B0 F7 B1 "
            "B2 B3 B4 B5 B6 B7 B4 B5 B6 B7");
  EXPECT_EQ(order_text(plan.slots[3]),
            "F0 F1 F2 F3 F0 B0 F1 B1 F2 B2 F3 B3 F4 B0 F5 B1 F6 B2 F7 B3 F4 B4 F5 B5 F6 B6 F7 B7 "
            "B4 B5 B6 B7");
  EXPECT_EQ(plan.slots[3][4].first, (StagePass{Pass::forward, 7, 0}));
  EXPECT_EQ(plan.slots[3][5].first, (StagePass{Pass::backward, 7, 0}));
  EXPECT_EQ(plan.slots[3][28].first, (StagePass{Pass::backward, 3, 4}));
}

TEST(Interleaved, IsIdleForTheClosedFormExactly) {
  const PassDurations durations{.forward = 5, .backward = 11};  // of one chunk
  for_each_plan("interleaved", [&](const auto& shape, const auto& plan, const auto& schedule) {
    const int chunks = shape.chunks;
    const double bubble = schedule.bubble(shape, chunks * 5, chunks * 11, 0, chunks * 16).value();
    EXPECT_DOUBLE_EQ(bubble, (shape.ranks - 1) * 16);
    EXPECT_DOUBLE_EQ(execute(plan, durations).end, shape.micro_batches * chunks * 16 + bubble);
  });
}

TEST(Interleaved, KeepsPVPlusPMinusOneChunksAlive) {
  for_each_plan("interleaved", [](const auto& shape, const auto& plan, const auto&) {
    // p (1 + (p - 1) / (p v)) micro-batches of v chunks, or all where there are fewer.
    EXPECT_EQ(
        peak_in_flight(plan.slots[0]),
        std::min(shape.micro_batches * shape.chunks, shape.ranks * shape.chunks + shape.ranks - 1));
  });
}

TEST(Interleaved, SaysWhatItRefuses) {
  const auto schedule = schedule_named("interleaved");
  EXPECT_EQ(schedule->refuses({4, 2, 10}),
            "interleaved needs a multiple of pp micro-batches: 10 is not a multiple of 4 "
            "(use 8 or 12)");
  EXPECT_EQ(schedule->refuses({4, 2, 3}),
            "interleaved needs a multiple of pp micro-batches: 3 is not a multiple of 4 (use 4)");
  EXPECT_EQ(schedule->refuses({4, 1, 8}),
            "interleaved needs at least 2 model chunks a rank: 1 < 2 (use 1f1b)");
  EXPECT_EQ(schedule->refuses({0, 2, 8}),
            "a pipeline needs at least 1 rank, 1 model chunk a rank and 1 micro-batch: 0, 2 and 8");
  EXPECT_EQ(schedule->refuses({1, 2, 3}), std::nullopt);
}

TEST(DualPipe, TakesTheOrderOfTheReport) {  // arXiv 2412.19437 figure 5: 8 ranks, 20 micro-batches
  const PipelinePlan plan = schedule_named("dualpipe")->plan({8, 1, 20});
  EXPECT_EQ(plan.stages_of_rank[1], (std::vector<int>{1, 6}));
  EXPECT_EQ(order_text(plan.slots[0]),
            "F0 F1 F2 F3 F4 F5 F6 F10 I10 W10 F11 I11 W11 F12 I12 W12 F13 F7+B13 F14+B0 F8+B14 "
            "F15+B1 F9+B15 F16+B2 B16 F17+B3 B17 F18+B4 B18 F19+B5 B19 I6 W6 I7 W7 I8 W8 I9 W9");
  EXPECT_EQ(order_text(plan.slots[3]),
            "F0 F10 F1 F11 F2 F12 F3 F13 F4 B10 F14+B0 F5+B11 F15+B1 F6+B12 F16+B2 F7+B13 F17+B3 "
            "F8+B14 F18+B4 F9+B15 F19+B5 B16 B6 B17 B7 I18 I8 I19 I9 W18 W8 W19 W9");
  // The other half of the ranks mirrors the first with the two directions swapped.
  EXPECT_EQ(order_text(plan.slots[7]).substr(0, 27), "F10 F11 F12 F13 F14 F15 F16");
}

TEST(DualPipe, CountsTheSlotsOfDeepSeekV3) {  // 16 ranks; 120 micro-batches as an example
  const PipelinePlan plan = schedule_named("dualpipe")->plan({16, 1, 120});
  struct Counts {
    int pass[4] = {};  // alone, in the order of Pass
    int pairs = 0;
    bool operator==(const Counts&) const = default;
  };
  const auto count = [&](std::size_t rank) {
    Counts counts;
    for (const ScheduleSlot& slot : plan.slots[rank]) {
      ++(slot.paired ? counts.pairs : counts.pass[static_cast<std::size_t>(slot.first.pass)]);
    }
    return counts;
  };
  EXPECT_EQ(count(0), (Counts{{23, 8, 15, 15}, 97}));
  EXPECT_EQ(count(7), (Counts{{17, 9, 8, 8}, 103}));
  EXPECT_EQ(count(8), count(7));
  EXPECT_EQ(count(15), count(0));
}

// The closed form is exact where the input gradient takes as long as the forward and the weight
// gradient no longer, whatever a pair takes, on the two middle ranks. The outer ranks run fewer
// pairs, so where pairs save time they wait the same total less that much: never longer.
RC_GTEST_PROP(DualPipe, IsIdleForTheClosedFormWhereInputGradientEqualsForward, ()) {
  const int ranks = 2 * pick(1, 8);
  const PipelineShape shape{ranks, 1, 2 * ranks + 2 * pick(0, 20)};
  const int forward = pick(2, 30);
  const int weight = pick(1, forward);
  const int backward = forward + weight;
  const int pair = forward + backward - pick(0, forward);
  const auto schedule = schedule_named("dualpipe");
  const double bubble = schedule->bubble(shape, forward, backward, weight, pair).value();
  const PassDurations durations{
      .forward = 1. * forward, .backward = 1. * backward, .weight = 1. * weight, .pair = 1. * pair};
  const auto execution = execute(schedule->plan(shape), durations);
  RC_ASSERT(execution.idle(ranks / 2 - 1) == bubble);
  RC_ASSERT(execution.idle(ranks / 2) == bubble);
  for (int rank = 0; rank < ranks; ++rank) RC_ASSERT(execution.idle(rank) <= bubble);
}

// Elsewhere the closed form differs from the order it describes, here without overlap, F&B = F + B.
// Per (p / 2 - 1) it charges F + 2 I - W, with I the input gradient. A rank waits
//   2 F + max(I - W, 0)           for I <= F: no shorter forward chain, no negative gap;
//   between that and F + I + max(I - W, 0) for I > F: longer with more ranks.
RC_GTEST_PROP(DualPipe, IsIdleNearTheClosedFormElsewhere, ()) {
  const int ranks = 2 * pick(1, 8);
  const PipelineShape shape{ranks, 1, 2 * ranks + 2 * pick(0, 20)};
  const int forward = pick(2, 30);
  const int input = pick(1, 50);
  const int weight = pick(1, 50);
  const double backward = input + weight;
  const PassDurations durations{.forward = 1. * forward,
                                .backward = backward,
                                .weight = 1. * weight,
                                .pair = forward + backward};
  const auto execution = execute(schedule_named("dualpipe")->plan(shape), durations);
  const int factor = ranks / 2 - 1;
  const int gap = std::max(input - weight, 0);
  for (int rank = 0; rank < ranks; ++rank) {
    RC_ASSERT(execution.idle(rank) >= factor * (2 * forward + gap));
    RC_ASSERT(execution.idle(rank) <= factor * (forward + std::max(forward, input) + gap));
  }
}

TEST(DualPipe, KeepsPPlusOneMicroBatchesAliveOnEveryRank) {
  for_each_plan("dualpipe", [](const auto& shape, const auto& plan, const auto&) {
    EXPECT_EQ(plan.copies_of_each_stage, 2);
    for (const auto& slots : plan.slots) EXPECT_EQ(peak_in_flight(slots), shape.ranks + 1);
  });
}

TEST(DualPipe, SaysWhatItRefuses) {
  const auto schedule = schedule_named("dualpipe");
  EXPECT_EQ(schedule->refuses({16, 1, 16}),
            "dualpipe needs at least 2 x pp micro-batches: 16 < 32");
  EXPECT_EQ(schedule->refuses({5, 1, 20}),
            "dualpipe needs an even number of pipeline ranks: 5 is odd (use 4 or 6)");
  EXPECT_EQ(schedule->refuses({1, 1, 20}),
            "dualpipe needs an even number of pipeline ranks: 1 is odd (use 2)");
  EXPECT_EQ(schedule->refuses({4, 1, 9}),
            "dualpipe needs an even number of micro-batches: 9 is odd (use 8 or 10)");
  EXPECT_EQ(schedule->refuses({4, 2, 8}), std::nullopt);
}

}  // namespace
}  // namespace fleetwright
