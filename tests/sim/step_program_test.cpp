#include "sim/step_program.hpp"

#include <gmock/gmock.h>

#include <vector>

#include "sim/program_cycle.hpp"
#include "tests/support/small_fabrics.hpp"

namespace fleetwright::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(StepProgram, WaitsForExplicitDependenciesAndForThePreviousTaskOfTheLane) {
  StepProgram program;
  const auto a = program.add_lane({0, LaneKind::compute});
  const auto b = program.add_lane({1, LaneKind::compute});
  const TaskId first = program.add_task(kernel(a, 1_s), {});
  const TaskId other = program.add_task(kernel(b, 1_s), {});
  const TaskId second = program.add_task(kernel(a, 1_s), std::vector{other});

  EXPECT_THAT(program.dependencies_of(first), IsEmpty());
  EXPECT_THAT(program.dependencies_of(other), IsEmpty());
  EXPECT_THAT(program.dependencies_of(second), ElementsAre(first, other));
}

TEST(StepProgram, SuccessorsAreTheDependenciesTurnedRound) {
  StepProgram program;
  const auto a = program.add_lane({0, LaneKind::compute});
  const auto b = program.add_lane({1, LaneKind::compute});
  const TaskId t0 = program.add_task(kernel(a, 1_s), {});
  const TaskId t1 = program.add_task(kernel(b, 1_s), std::vector{t0});
  const TaskId t2 = program.add_task(kernel(a, 1_s), std::vector{t1});
  const auto [first, task, count] = program.successors();

  EXPECT_THAT(first, ElementsAre(0, 2, 3, 3));
  EXPECT_THAT(task, ElementsAre(t1, t2, t2));
  EXPECT_THAT(count, ElementsAre(0, 1, 2));
}

TEST(StepProgram, LateDependenciesCountLikeOthers) {
  StepProgram program;
  const auto a = program.add_lane({0, LaneKind::compute});
  const auto b = program.add_lane({1, LaneKind::compute});
  const TaskId receiver = program.add_task(kernel(a, 1_s), {});
  const TaskId sender = program.add_task(kernel(b, 1_s), {});
  program.add_dependency(receiver, sender);

  EXPECT_THAT(program.dependencies_of(receiver), ElementsAre(sender));
  EXPECT_THAT(program.successors().dependency_count, ElementsAre(1, 0));
  EXPECT_THAT(program.successors().task, ElementsAre(receiver));
}

TEST(StepProgram, ADependencyGivenTwiceIsSatisfiedByItsOneEnd) {
  StepProgram program;
  const auto a = program.add_lane({0, LaneKind::compute});
  const TaskId t0 = program.add_task(kernel(a, 1_s), {});
  const TaskId t1 = program.add_task(kernel(a, 1_s), std::vector{t0, t0});
  EXPECT_THAT(program.dependencies_of(t1), ElementsAre(t0));
  EXPECT_THAT(program.successors().task, ElementsAre(t1, t1, t1));
  EXPECT_THAT(program.successors().dependency_count, ElementsAre(0, 3));
}

TEST(StepProgram, KeepsFlowsUsesAndLabels) {
  StepProgram program;
  const auto a = program.add_lane({0, LaneKind::pipeline});
  const std::vector<FlowSpec> flows{{1_MB, {{0, 1}, {3, 2}}, 0, 1}, {2_MB, {{4, 1}}, 2, 3}};
  program.add_task(kernel(a, 1_us, "send"), {});
  const TaskId id = program.add_task(kernel(a, 1_us, "receive"), {}, flows);
  program.add_task(kernel(a, 1_us, "send"), {});

  EXPECT_THAT(program.labels(), ElementsAre("send", "receive"));
  EXPECT_EQ(program.tasks()[2].label, 0);
  const auto kept = program.flows_of(program.tasks()[id]);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[1].bytes, 2_MB);
  EXPECT_EQ(kept[1].from, 2);
  EXPECT_THAT(program.uses_of(kept[0]), ElementsAre(LinkUse{0, 1}, LinkUse{3, 2}));
  EXPECT_THAT(program.uses_of(kept[1]), ElementsAre(LinkUse{4, 1}));
  EXPECT_THAT(program.flows_of(program.tasks()[0]), IsEmpty());
}

TEST(StepProgram, DescribesATaskForMessages) {
  StepProgram program;
  const auto lane = program.add_lane({2, LaneKind::collective});
  TaskSpec spec = kernel(lane, 1_us, "expert dispatch");
  spec.micro_batch = 3;
  EXPECT_EQ(program.describe(program.add_task(spec, {})),
            "expert dispatch (task 0, collective lane of rank 2, micro-batch 3)");
}

TEST(StepProgramDeathTest, RefusesWhatBothEnginesCouldNotAgreeOn) {
  StepProgram program;
  const auto a = program.add_lane({0, LaneKind::compute});
  const auto add = [&](const std::vector<FlowSpec>& flows) {
    program.add_task(kernel(a, 1_us), {}, flows);
  };
  EXPECT_DEATH(add({{1_MB, {{7, 1}}, 0, 1}, {1_MB, {{7, 1}}, 0, 1}}), "share a link");
  EXPECT_DEATH(add({{1_MB, {{7, 1}, {7, 1}}, 0, 1}}), "share a link");
  EXPECT_DEATH(add({{1_MB, {{7, 0}}, 0, 1}}), "weight 0");
  EXPECT_DEATH(add({{Bytes{-1.0}, {{7, 1}}, 0, 1}}), "flow bytes");
  EXPECT_DEATH(program.add_task(kernel(a, Seconds{0.0 / 0.0}), {}), "task delay");
  EXPECT_DEATH(program.add_task(kernel(a, 1_us), std::vector<TaskId>{5}), "not added yet");
  EXPECT_DEATH(program.add_task(kernel(9, 1_us), {}), "lane that was not added");
}

TEST(ProgramCycle, NamesTheTasksThatWaitForOneAnother) {
  StepProgram program;
  const auto a = program.add_lane({0, LaneKind::compute});
  const auto b = program.add_lane({1, LaneKind::compute});
  program.add_task(kernel(a, 1_us, "start"), {});
  const TaskId ping = program.add_task(kernel(a, 1_us, "ping"), {});
  const TaskId pong = program.add_task(kernel(b, 1_us, "pong"), std::vector{ping});
  program.add_task(kernel(b, 1_us, "after"), {});
  EXPECT_THAT(find_cycle(program), IsEmpty());

  program.add_dependency(ping, pong);
  EXPECT_THAT(find_cycle(program), ElementsAre(ping, pong));
  EXPECT_THAT(describe_deadlock(program), HasSubstr("2 tasks"));
  EXPECT_THAT(describe_deadlock(program), HasSubstr("ping"));
  EXPECT_THAT(describe_deadlock(program), Not(HasSubstr("after")));
}

}  // namespace
}  // namespace fleetwright::testing
