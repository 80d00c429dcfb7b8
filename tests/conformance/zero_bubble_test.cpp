#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "tests/support/pipeline_plans.hpp"

// What is particular to the schedules that take the two gradients of a backward pass apart.
namespace fleetwright::testing {
namespace {

TEST(ZbH1, TakesTheOrderOfThePaper) {  // arXiv 2401.10241 figure 3, top
  const PipelinePlan plan = schedule_named("zb-h1")->plan({4, 1, 8});
  EXPECT_EQ(order_text(plan.slots[0]),
            "F0 F1 F2 F3 I0 W0 F4 I1 W1 F5 I2 W2 F6 I3 W3 F7 I4 W4 I5 W5 I6 W6 I7 W7");
  EXPECT_EQ(order_text(plan.slots[3]),
            "F0 I0 F1 I1 F2 I2 F3 I3 W0 F4 I4 W1 F5 I5 W2 F6 I6 W3 F7 I7 W4 W5 W6 W7");
}

RC_GTEST_PROP(ZbH1, IsIdleForTheClosedFormWhereTheWeightGradientIsShortest, ()) {
  const int ranks = pick(1, 12);
  const PipelineShape shape{ranks, 1, ranks + pick(0, 30)};
  const int weight = pick(1, 20);
  const int forward = weight + pick(0, 20);
  const int backward = 2 * weight + pick(0, 20);
  const auto schedule = schedule_named("zb-h1");
  const double bubble = schedule->bubble(shape, forward, backward, weight, 0).value();
  const auto execution =
      execute(schedule->plan(shape),
              {.forward = 1. * forward, .backward = 1. * backward, .weight = 1. * weight});
  for (int rank = 0; rank < ranks; ++rank) RC_ASSERT(execution.idle(rank) == bubble);
}

// Elsewhere a rank waits longer: no more than 1F1B, which the order comes from, and no less than
// the closed form.
RC_GTEST_PROP(ZbH1, IsIdleNoLongerThanOneFOneB, ()) {
  const int ranks = pick(1, 12);
  const PipelineShape shape{ranks, 1, pick(1, 40)};
  const PassDurations durations{
      .forward = 1. * pick(1, 20), .backward = 20. + pick(1, 20), .weight = 1. * pick(1, 20)};
  const double end = execute(schedule_named("zb-h1")->plan(shape), durations).end;
  RC_ASSERT(end <= execute(schedule_named("1f1b")->plan(shape), durations).end);
  const double work = shape.micro_batches * (durations.forward + durations.backward);
  if (shape.micro_batches >= ranks) {
    const auto bubble = schedule_named("zb-h1")->bubble(shape, durations.forward,
                                                        durations.backward, durations.weight, 0);
    RC_ASSERT(end - work >= *bubble);
  }
}

TEST(ZbH1, KeepsPMicroBatchesAliveOnEveryRank) {
  for_each_plan("zb-h1", [](const auto& shape, const auto& plan, const auto&) {
    for (const auto& slots : plan.slots) {
      EXPECT_EQ(peak_in_flight(slots), std::min(shape.micro_batches, shape.ranks));
    }
  });
}

// arXiv 2401.10241 sec. 6: warm-up with forwards, then forward, both gradients of either chunk in
// turn, and weight gradients at the end.
TEST(ZbV, RunsDownAndBackUp) {
  constexpr int ranks = 2;
  const PipelinePlan plan = schedule_named("zb-v")->plan({ranks, 2, 4});
  EXPECT_EQ(plan.stages_of_rank[0], (std::vector<int>{0, 3}));
  EXPECT_EQ(plan.stages_of_rank[1], (std::vector<int>{1, 2}));
  EXPECT_EQ(order_text(plan.slots[0], ranks),
            "F0 F1 F2 f0 i0 w0 f1 i1 I0 w1 W0 F3 f2 i2 I1 w2 W1 f3 i3 I2 w3 I3 W2 W3");
  EXPECT_EQ(order_text(plan.slots[1], ranks),
            "F0 f0 F1 f1 i0 I0 w0 W0 F2 f2 i1 I1 w1 W1 F3 f3 i2 I2 i3 I3 w2 W2 w3 W3");
}

TEST(ZbV, IdlesOnlyUntilItsFirstAndAfterItsLastPass) {
  for_each_plan("zb-v", [](const auto& shape, const auto& plan, const auto&) {
    if (shape.micro_batches < 2 * shape.ranks - 1) return;
    const PipelineExecution execution = execute(plan);
    EXPECT_EQ(execution.end, 6 * shape.micro_batches + shape.ranks - 1);
  });
}

TEST(VSchedules, KeepTheirShareOfTheActivationsOfOneFOneB) {
  const auto expect_peak = [](std::string_view name, const auto& published) {
    for_each_plan(name, [&](const auto& shape, const auto& plan, const auto&) {
      int peak = 0;
      for (const auto& slots : plan.slots) peak = std::max(peak, peak_in_flight(slots));
      const int bound = published(shape.ranks);
      EXPECT_LE(peak, bound);
      if (shape.micro_batches >= bound) {
        EXPECT_EQ(peak, bound);
      }
    });
  };
  // In stages, of which a rank has two: p, (p + 2) / 2 and (p + 4) / 3 micro-batches, whole ones.
  expect_peak("zb-v", [](int p) { return 2 * p; });
  expect_peak("v-half", [](int p) { return 2 * ((p + 2) / 2); });
  expect_peak("v-min", [](int p) { return 2 * ((p + 4) / 3); });
}

TEST(VSchedules, IdleForTheirShareOfTheBubbleOfOneFOneB) {
  const auto expect_share = [](std::string_view name, double share) {
    for_each_plan(name, [&](const auto& shape, const auto& plan, const auto&) {
      if (shape.micro_batches < shape.ranks) return;
      const double idle = execute(plan).end - 6 * shape.micro_batches;
      const double one_f_one_b = 6.0 * (shape.ranks - 1);
      EXPECT_LE(idle, share * one_f_one_b);
    });
  };
  expect_share("v-half", 1.0 / 2);
  expect_share("v-min", 2.0 / 3);
}

// The condition of the authors' playground, huggingface.co/spaces/sail, for V-Half: W + 2 I >= 2 F
// and W + 2 F >= 2 I with I the input gradient.
RC_GTEST_PROP(VSchedules, WaitNoLongerForMoreMicroBatchesThoughPassesDiffer, ()) {
  const int ranks = pick(1, 10);
  const int weight = pick(1, 20);
  const int forward = pick(1, 20);
  const int input = std::max(1, forward + pick(-weight / 2, weight / 2));
  const PassDurations durations{
      .forward = 1. * forward, .backward = 1. * input + weight, .weight = 1. * weight};
  for (const std::string_view name : {"zb-v", "v-half"}) {
    const auto idle = [&](int micro_batches) {
      const auto plan = schedule_named(name)->plan({ranks, 2, micro_batches});
      return execute(plan, durations).idle(0);
    };
    RC_ASSERT(idle(3 * ranks) == idle(6 * ranks));
  }
}

TEST(VSchedules, SayWhatTheyRefuse) {
  EXPECT_EQ(schedule_named("zb-v")->refuses({4, 1, 8}), "zb-v runs 2 model chunks a rank: 1 < 2");
  EXPECT_EQ(schedule_named("v-half")->refuses({4, 3, 8}),
            "v-half runs 2 model chunks a rank: 3 > 2");
  EXPECT_EQ(schedule_named("v-min")->refuses({4, 2, 1}), std::nullopt);
  EXPECT_EQ(schedule_named("zb-h1")->refuses({4, 2, 8}),
            "zb-h1 runs 1 model chunk a rank: 2 > 1 (use interleaved)");
}

}  // namespace
}  // namespace fleetwright::testing
