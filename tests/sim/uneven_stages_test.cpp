#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "sim/program_builder.hpp"
#include "sim/topologies/topology.hpp"
#include "tests/support/setups.hpp"

// Stages with unlike content: no pass starts before what it needs has arrived.
namespace fleetwright {
namespace {

/// From the first start to the last end of a pass's kernels.
using Spans = std::map<std::tuple<char, int, int>, Interval>;  // by (F, B or W; stage; micro-batch)

Spans spans_of(const BuiltStep& step, const Timeline& timeline) {
  Spans spans;
  for (TaskId id = 0; id < timeline.size(); ++id) {
    const Task& task = step.program.tasks()[id];
    if (step.program.lanes()[task.lane].kind != LaneKind::compute || task.micro_batch < 0) continue;
    const char direction = step.program.labels()[task.label].back();
    const auto [at, is_new] =
        spans.try_emplace({direction, task.stage, task.micro_batch}, timeline[id]);
    at->second.start = std::min(at->second.start, timeline[id].start);
    at->second.end = std::max(at->second.end, timeline[id].end);
  }
  return spans;
}

StepSetup uneven(const std::string& schedule, bool experts) {
  constexpr int pp = 4;
  StepSetup s =
      experts ? testing::moe_setup("H800-SXM", 32, pp) : testing::dense_setup("H800-SXM", 32);
  s.job.strategy.pp = pp;
  s.job.strategy.dp = 32 / pp;
  testing::set_schedule(s, schedule);
  s.job.strategy.global_batch = s.job.strategy.dp * 8;
  // The embedding alone, stages without anything, the head alone.
  s.job.strategy.stage_layers =
      s.job.strategy.vpp == 1 ? std::vector{0, 5, 0, 3} : std::vector{0, 2, 0, 3, 0, 0, 3, 0};
  if (schedule == "1f1b") s.job.strategy.stage_layers = {0, 5, 3, 0};
  return s;
}

TEST(UnevenStages, NoPassStartsBeforeWhatItNeedsHasArrived) {
  for (const bool experts : {false, true}) {
    for (const std::string& schedule : names_of(builtin_schedules())) {
      const StepSetup s = uneven(schedule, experts);
      const Fabric fabric = build_fabric(s.cluster);
      const BuiltStep step = build_step(s, fabric, *make_time_model(s));
      const Spans spans = spans_of(step, AnalyticEstimator().run(step.program, fabric));
      const auto expect_order = [&](char before, int from, char after, int to, int m) {
        const auto first = spans.find({before, from, m});
        const auto then = spans.find({after, to, m});
        if (then == spans.end()) return;  // a stage without weights
        ASSERT_NE(first, spans.end()) << schedule << before << from;
        EXPECT_GE(then->second.start, first->second.end)
            << schedule << ' ' << before << from << ' ' << after << to;
      };
      const int last = step.plan.stages - 1;
      for (int m = 0; m < step.plan.micro_batches; ++m) {
        for (int stage = 0; stage < last; ++stage) {
          expect_order('F', stage, 'F', stage + 1, m);
          expect_order('B', stage + 1, 'B', stage, m);
          expect_order('B', stage + 1, 'W', stage, m);
        }
        expect_order('F', last, 'B', last, m);
        EXPECT_TRUE(spans.contains({'B', 0, m})) << schedule;
      }
    }
  }
}

TEST(UnevenStages, StagesWithoutLayersAddNoWork) {
  StepSetup s = testing::dense_setup("H100-SXM", 16);
  s.job.strategy.pp = 2;
  s.job.strategy.dp = 8;
  const auto passes = [](const StepSetup& setup) {
    Seconds sum;
    for (const RankTime& rank : estimate_step(setup, AnalyticEstimator()).ranks) {
      sum += rank.parts.forward + rank.parts.backward;
    }
    return sum.si();
  };
  const double even = passes(s);
  s.job.strategy.stage_layers = {8, 0};
  EXPECT_NEAR(passes(s), even, 1e-9 * even);
}

TEST(UnevenStages, MoreStagesThanLayersAreFilledByTheBalancedLayout) {
  StepSetup s = testing::dense_setup("H100-SXM", 32);
  s.job.strategy.pp = 16;
  s.job.strategy.dp = 2;
  s.job.strategy.global_batch = 2 * 32;
  s.pipeline_layout = "balanced";
  const StepEstimate e = estimate_step(s, AnalyticEstimator());
  EXPECT_EQ(std::ranges::max(e.stage_layers), 1);
  EXPECT_EQ(std::ranges::min(e.stage_layers), 0);
  EXPECT_TRUE(is_finite(e.time));
}

}  // namespace
}  // namespace fleetwright
