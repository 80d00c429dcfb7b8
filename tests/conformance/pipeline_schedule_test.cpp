#include "models/schedules/pipeline_schedule.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/pipeline_plans.hpp"

// Every member of the family keeps its promises: what runs, where, in which order, how long it
// takes and how much it keeps alive.
namespace fleetwright::testing {
namespace {

TEST(PipelineSchedules, HaveUniqueNamesAndOneSentenceOfHelp) {
  EXPECT_EQ(names_of(builtin_schedules()),
            (std::vector<std::string>{"1f1b", "interleaved", "zb-h1", "zb-v", "v-half", "v-min",
                                      "dualpipe", "dualpipe-v"}));
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
  }
}

std::vector<double> random_stages(int stages) {
  std::vector<double> times;
  for (int s = 0; s < stages; ++s) times.push_back(pick(1, 20));
  return times;
}

RC_GTEST_PROP(PipelineSchedules, FinishWhateverTheirStagesTake, ()) {
  const int ranks = pick(1, 8);
  const PipelineShape shape{ranks, pick(1, 3), 2 * ranks * pick(1, 4)};
  for (const auto& row : builtin_schedules()) {
    const auto schedule = row.make();
    if (schedule->refuses(shape)) continue;
    const PipelinePlan plan = schedule->plan(shape);
    PassDurations durations;
    durations.of_stage = random_stages(plan.stages);
    const PipelineExecution execution = execute(plan, durations);
    RC_ASSERT(execution.finished);
    for (int rank = 0; rank < ranks; ++rank) RC_ASSERT(execution.idle(rank) >= 0);
  }
}

// A rank cannot begin before the first micro-batch has come down to it, nor end before the last has
// gone back up from it.
RC_GTEST_PROP(OneFOneB, IsNeverFasterThanItsSlowestStageAllows, ()) {
  const PipelineShape shape{pick(1, 12), 1, pick(1, 40)};
  PassDurations durations{.forward = 1. * pick(1, 20), .backward = 1. * pick(1, 20)};
  durations.of_stage = random_stages(shape.ranks);
  const double end = execute(schedule_named("1f1b")->plan(shape), durations).end;
  const double both = durations.forward + durations.backward;
  double before = 0;
  for (const double stage : durations.of_stage) {
    RC_ASSERT(end >= both * (before + shape.micro_batches * stage));
    before += stage;
  }
}

// With p micro-batches or more. The middle rank: outer ones of DualPipe may idle less.
TEST(PipelineSchedules, IdleAsTheirClosedFormForPassesOfEqualLength) {
  int checked = 0;
  for (const auto& row : builtin_schedules()) {
    for_each_plan(row.name, [&](const PipelineShape& shape, const PipelinePlan& plan,
                                const PipelineSchedule& schedule) {
      const int chunks =
          static_cast<int>(plan.stages_of_rank.front().size()) / plan.copies_of_each_stage;
      const double forward = chunks;  // one unit of time a stage
      const auto bubble = schedule.bubble(shape, forward, 2 * forward, forward, 3 * forward);
      if (!bubble || shape.micro_batches < shape.ranks) return;
      ++checked;
      const PipelineExecution execution = execute(plan);
      const double idle = execution.idle(plan.ranks() / 2);
      EXPECT_DOUBLE_EQ(idle, *bubble);
    });
  }
  EXPECT_GT(checked, 100);
}

TEST(PipelineSchedules, KeepAsManyActivationsAsPublished) {
  // Micro-batches of a rank's stages, at p ranks and as many micro-batches as are needed: the table
  // of the DualPipe repository, arXiv 2104.04473 sec. 2.2.2 and arXiv 2405.15362 for the V.
  constexpr int p = 8;
  struct Published {
    std::string_view schedule;
    int chunks;
    double activations;
    int copies;
  };
  for (const Published& it : {Published{"1f1b", 1, p, 1},
                              {"interleaved", 2, p * (1 + (p - 1) / (p * 2.0)), 1},
                              {"interleaved", 4, p * (1 + (p - 1) / (p * 4.0)), 1},
                              {"zb-h1", 1, p, 1},
                              {"zb-v", 2, p, 1},
                              {"v-half", 2, (p + 2) / 2.0, 1},
                              {"v-min", 2, (p + 4) / 3.0, 1},
                              {"dualpipe", 1, p + 1, 2},
                              {"dualpipe-v", 2, (2 * p + 1) / 2.0, 1}}) {
    const PipelinePlan plan = schedule_named(it.schedule)->plan({p, it.chunks, 4 * p});
    int peak = 0;
    for (const auto& slots : plan.slots) peak = std::max(peak, peak_in_flight(slots));
    EXPECT_DOUBLE_EQ(peak, it.activations * it.chunks) << it.schedule;
    EXPECT_EQ(plan.copies_of_each_stage, it.copies) << it.schedule;
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

}  // namespace
}  // namespace fleetwright::testing
