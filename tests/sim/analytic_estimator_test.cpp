#include <gtest/gtest.h>

#include <vector>

#include "sim/estimator.hpp"
#include "tests/support/small_fabrics.hpp"

namespace fleetwright::testing {
namespace {

/// Two lanes over links of 1, 2 and 4 GB/s.
class AnalyticEstimatorTest : public ::testing::Test {
 protected:
  TaskId add(std::uint32_t lane, Seconds delay, const std::vector<TaskId>& after = {},
             const std::vector<FlowSpec>& flows = {}) {
    return program.add_task(kernel(lane, delay), after, flows);
  }
  void expect_interval(TaskId task, double start, double end) const {
    const Timeline timeline = AnalyticEstimator{}.run(program, fabric);
    EXPECT_DOUBLE_EQ(timeline[task].start.si(), start) << "task " << task;
    EXPECT_DOUBLE_EQ(timeline[task].end.si(), end) << "task " << task;
  }

  Fabric fabric = loose_links({1_GBps, 2_GBps, 4_GBps, 1_GBps});
  StepProgram program;
  std::uint32_t a = program.add_lane({0, LaneKind::compute});
  std::uint32_t b = program.add_lane({1, LaneKind::compute});
};

TEST_F(AnalyticEstimatorTest, RunsALaneInTheOrderOfItsTasks) {
  expect_interval(add(a, 1_s), 0, 1);
  expect_interval(add(a, 2_s), 1, 3);
  expect_interval(add(b, 5_s), 0, 5);
}

TEST_F(AnalyticEstimatorTest, WaitsForTheLastDependency) {
  const TaskId slow = add(a, 3_s);
  const TaskId fast = add(b, 1_s);
  expect_interval(add(b, 1_s, {slow, fast}), 3, 4);
}

TEST_F(AnalyticEstimatorTest, TakesTheDelayBeforeTheFlows) {
  expect_interval(add(a, 500_ms, {}, {{2_GB, {{0, 1}}, 0, 1}}), 0, 2.5);
}

TEST_F(AnalyticEstimatorTest, LimitsAFlowByItsSlowestLinkAndItsWeight) {
  expect_interval(add(a, 0_s, {}, {{2_GB, {{1, 1}, {2, 1}}, 0, 1}}), 0, 1);
  expect_interval(add(b, 0_s, {}, {{2_GB, {{1, 1}, {2, 4}}, 0, 1}}), 0, 2);
}

TEST_F(AnalyticEstimatorTest, EndsWithTheLastFlow) {
  expect_interval(add(a, 0_s, {}, {{2_GB, {{1, 1}}, 0, 1}, {3_GB, {{0, 1}}, 0, 1}}), 0, 3);
}

TEST_F(AnalyticEstimatorTest, EndsAfterTheDelayWhenThereIsNothingToMove) {
  expect_interval(add(a, 1_s, {}, {{0_B, {{0, 1}}, 0, 1}}), 0, 1);
  expect_interval(add(b, 1_s, {}, {{5_GB, {}, 0, 0}}), 0, 1);
}

TEST_F(AnalyticEstimatorTest, GivesEachTransferItsLinksToItself) {
  const std::vector<FlowSpec> flow{{2_GB, {{0, 1}}, 0, 1}};
  expect_interval(add(a, 0_s, {}, flow), 0, 2);
  expect_interval(add(b, 0_s, {}, flow), 0, 2);
}

TEST_F(AnalyticEstimatorTest, FollowsDependenciesOnLaterTasks) {
  const TaskId receiver = add(a, 1_s);
  const TaskId sender = add(b, 4_s);
  program.add_dependency(receiver, sender);
  expect_interval(receiver, 4, 5);
}

TEST_F(AnalyticEstimatorTest, HasNoTimesForAnEmptyProgram) {
  EXPECT_TRUE(AnalyticEstimator{}.run(StepProgram{}, fabric).empty());
}

TEST(AnalyticEstimatorDeathTest, NamesTasksOfACycle) {
  StepProgram program;
  const auto lane = program.add_lane({0, LaneKind::compute});
  const TaskId first = program.add_task(kernel(lane, 1_s, "egg"), {});
  program.add_dependency(first, program.add_task(kernel(lane, 1_s, "hen"), {}));
  const Fabric fabric = loose_links({1_GBps});
  EXPECT_DEATH((void)AnalyticEstimator{}.run(program, fabric), "egg .* waits for hen");
}

}  // namespace
}  // namespace fleetwright::testing
