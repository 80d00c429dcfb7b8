#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "tests/support/pipeline_plans.hpp"

// What is particular to DualPipe and DualPipeV.
namespace fleetwright::testing {
namespace {

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

// The figure of the repository's README, 4 ranks and 10 micro-batches.
TEST(DualPipeV, TakesTheOrderOfItsRepository) {
  constexpr int ranks = 4;
  const PipelinePlan plan = schedule_named("dualpipe-v")->plan({ranks, 2, 10});
  EXPECT_EQ(plan.stages_of_rank[1], (std::vector<int>{1, 6}));
  EXPECT_EQ(
      order_text(plan.slots[0], ranks),
      "F0 F1 F2 F3 F4 F5 F6 f0 i0 w0 f1 i1 w1 f2 i2 w2 f3 F7+b3 f4+B0 F8+b4 f5+B1 F9+b5 f6+B2 "
      "b6 f7+B3 b7 f8+B4 b8 f9+B5 b9 I6 W6 I7 W7 I8 W8 I9 W9");
  EXPECT_EQ(order_text(plan.slots[1], ranks),
            "F0 F1 F2 F3 F4 f0 F5 f1 i0 w0 f2 i1 w1 f3 F6+b2 f4+B0 F7+b3 f5+B1 F8+b4 f6+B2 F9+b5 "
            "f7+B3 b6 f8+B4 b7 f9+B5 b8 B6 i9 I7 w9 I8 W7 I9 W8 W9");
  EXPECT_EQ(order_text(plan.slots[3], ranks),
            "F0 f0 F1 f1 F2 f2 F3 f3 F4 b0 f4+B0 F5+b1 f5+B1 F6+b2 f6+B2 F7+b3 f7+B3 F8+b4 f8+B4 "
            "F9+b5 f9+B5 b6 B6 b7 B7 i8 I8 i9 I9 w8 W8 w9 W9");
}

// As for DualPipe, whose middle ranks the last rank stands for.
RC_GTEST_PROP(DualPipeV, IsIdleForTheClosedFormWhereInputGradientEqualsForward, ()) {
  const int ranks = pick(1, 8);
  const PipelineShape shape{ranks, 2, 2 * ranks + pick(0, 20)};
  const int forward = pick(2, 30);
  const int weight = pick(1, forward);
  const int backward = forward + weight;
  const int pair = forward + backward - pick(0, forward);
  const auto schedule = schedule_named("dualpipe-v");
  const double bubble =
      schedule->bubble(shape, 2 * forward, 2 * backward, 2 * weight, 2 * pair).value();
  const PassDurations durations{
      .forward = 1. * forward, .backward = 1. * backward, .weight = 1. * weight, .pair = 1. * pair};
  const auto execution = execute(schedule->plan(shape), durations);
  RC_ASSERT(execution.idle(ranks - 1) == bubble);
  for (int rank = 0; rank < ranks; ++rank) RC_ASSERT(execution.idle(rank) <= bubble);
}

TEST(DualPipeV, KeepsOneStageMoreThanThereAreAlive) {
  for_each_plan("dualpipe-v", [](const auto& shape, const auto& plan, const auto&) {
    EXPECT_EQ(plan.copies_of_each_stage, 1);
    for (const auto& slots : plan.slots) EXPECT_EQ(peak_in_flight(slots), 2 * shape.ranks + 1);
  });
}

TEST(DualPipeV, SaysWhatItRefuses) {
  const auto schedule = schedule_named("dualpipe-v");
  EXPECT_EQ(schedule->refuses({16, 2, 31}),
            "dualpipe-v needs at least 2 x pp micro-batches: 31 < 32");
  EXPECT_EQ(schedule->refuses({4, 1, 20}), "dualpipe-v runs 2 model chunks a rank: 1 < 2");
  EXPECT_EQ(schedule->refuses({3, 2, 7}), std::nullopt);
}

}  // namespace
}  // namespace fleetwright::testing
