// The search for a strategy: it finds what an exhaustive one finds, and no worse than was
// published.

#include "planner/search/plan_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "models/core/error.hpp"
#include "planner/feasibility.hpp"
#include "planner/search/quick_step.hpp"
#include "planner/search/search_space.hpp"
#include "sim/program_builder.hpp"
#include "sim/step_outcome.hpp"
#include "sim/topologies/topology.hpp"
#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

StepOutcome outcome_of(StepSetup setup, const ParallelStrategy& strategy) {
  setup.job.strategy = strategy;
  if (setup.job.model.layers % model_stages(strategy) != 0) setup.pipeline_layout = "balanced";
  return step_outcome(setup, AnalyticEstimator(), *make_time_model(setup));
}

// A model of a few layers on two nodes: small enough for a longest path of every strategy.
Scenario small_scenario() {
  Scenario scenario;
  scenario.name = "small";
  scenario.setup = testing::dense_setup("H100-SXM", 16);
  scenario.setup.job.model.layers = 8;
  scenario.setup.job.strategy.global_batch = 32;
  scenario.tokens = 1e9;
  return scenario;
}

TEST(PlanSearch, FindsWhatAnExhaustiveSearchFinds) {
  const Scenario scenario = small_scenario();
  const Bytes capacity = scenario.setup.cluster.accelerator.memory_capacity.value;
  Seconds best{1e9};
  std::size_t count = 0;
  for (const ParallelStrategy& s : search_space(scenario.setup).strategies) {
    const StepOutcome outcome = outcome_of(scenario.setup, s);
    ++count;
    if (outcome.fullest().peak() <= capacity) best = std::min(best, outcome.time);
  }
  EXPECT_GT(count, 500U);
  const PlanAnswer answer = search_plans(scenario, {}, AnalyticEstimator(), {});
  EXPECT_LE(answer.plans[answer.best].step.time / best, 1.01);
}

TEST(PlanSearch, KeepsToTheRules) {
  const StepSetup setup = small_scenario().setup;
  for (const ParallelStrategy& s : search_space(setup).strategies) {
    StepSetup trial = setup;
    trial.job.strategy = s;
    for (const BrokenRule& rule : broken_rules(trial)) {
      EXPECT_EQ(rule.setting, "strategy.pp") << rule.message;
    }
  }
}

class PublishedStrategy : public ::testing::TestWithParam<const char*> {};

TEST_P(PublishedStrategy, IsNotBetterThanWhatIsFound) {
  const Scenario scenario =
      read_scenario(std::string("scenarios/") + GetParam() + ".toml", {"engine=\"analytic\""});
  const StepOutcome published =
      step_outcome(scenario.setup, AnalyticEstimator(), *make_time_model(scenario.setup));
  const PlanAnswer answer = search_plans(scenario, {}, AnalyticEstimator(), {});
  EXPECT_LE(answer.plans.front().step.time, published.time * 1.001);
  EXPECT_GT(answer.searched.evaluated, 1000);
}

INSTANTIATE_TEST_SUITE_P(Scenarios, PublishedStrategy,
                         ::testing::Values("deepseek-v3", "llama-3.1-405b", "gpt3-175b-a100"),
                         [](const auto& scenario) {
                           std::string name = scenario.param;
                           std::ranges::replace_if(
                               name, [](char c) { return c == '-' || c == '.'; }, '_');
                           return name;
                         });

// The closed form has to rank, not to be exact: of strategies with a plain pipeline it is near.
TEST(QuickStep, IsNearTheLongestPathForPlainPipelines) {
  const Scenario scenario = read_scenario("scenarios/llama-3.1-405b.toml");
  const Fabric fabric = build_fabric(scenario.setup.cluster);
  QuickStepModel quick(scenario.setup, fabric);
  int compared = 0;
  const auto strategies = search_space(scenario.setup).strategies;
  for (std::size_t i = 0; i < strategies.size(); i += 97) {
    const ParallelStrategy& s = strategies[i];
    if (s.schedule != "1f1b" && s.schedule != "interleaved") continue;
    const StepOutcome outcome = outcome_of(scenario.setup, s);
    EXPECT_NEAR(quick.estimate(s).time / outcome.time, 1.0, 0.3)
        << "tp " << s.tp << " pp " << s.pp << " vpp " << s.vpp << " mb " << s.micro_batch;
    ++compared;
  }
  EXPECT_GE(compared, 10);
}

// Long sequences: a layer that sees a window takes a small part of the time of one that sees all.
TEST(QuickStep, CountsLayersWithAWindowAndWithout) {
  Scenario scenario = small_scenario();
  TrainingJob& job = scenario.setup.job;
  job.sequence_length = 65'536;
  job.model.sliding_window = 1'024;
  job.model.sliding_window_period = 2;
  ParallelStrategy s = job.strategy;
  s.recompute = Recompute::full;
  const Fabric fabric = build_fabric(scenario.setup.cluster);
  const Seconds quick = QuickStepModel(scenario.setup, fabric).estimate(s).time;
  EXPECT_NEAR(quick / outcome_of(scenario.setup, s).time, 1.0, 0.1);
  job.model.sliding_window = 0;
  EXPECT_LT(quick, 0.8 * QuickStepModel(scenario.setup, fabric).estimate(s).time);
}

TEST(PlanSearch, SaysWhatIsLackingWhereNothingFits) {
  Scenario scenario = small_scenario();
  scenario.setup.cluster.accelerator.memory_capacity.value = Bytes{1e6};
  try {
    static_cast<void>(search_plans(scenario, {}, AnalyticEstimator(), {}));
    FAIL() << "a megabyte holds no model";
  } catch (const Infeasible& e) {
    EXPECT_NE(std::string(e.what()).find("the leanest of"), std::string::npos) << e.what();
  }
}

TEST(PlanSearch, SaysByHowMuchADeadlineIsMissed) {
  PlanQuestion question;
  question.deadline_days = 1e-3;
  try {
    static_cast<void>(search_plans(small_scenario(), question, AnalyticEstimator(), {}));
    FAIL() << "no cluster of 16 trains in a minute and a half";
  } catch (const Infeasible& e) {
    EXPECT_NE(std::string(e.what()).find("no plan meets the deadline"), std::string::npos);
    EXPECT_NE(std::string(e.what()).find("accelerators would"), std::string::npos);
  }
}

TEST(PlanSearch, TakesTheCheapestThatMeetsTheDeadline) {
  Scenario scenario = small_scenario();
  scenario.rent = Sourced<UsdPerSecond>{UsdPerSecond{2.0 / 3600}, {}};
  PlanQuestion question;
  question.accelerators = {8, 16, 32};
  question.best = 1;
  question.deadline_days = 1000;
  const PlanAnswer relaxed = search_plans(scenario, question, AnalyticEstimator(), {});
  ASSERT_EQ(relaxed.plans.size(), 3U);
  for (const Report& plan : relaxed.plans) {
    EXPECT_GE(*plan.rental_usd, *relaxed.plans[relaxed.best].rental_usd);
  }
  question.budget_usd = *relaxed.plans[relaxed.best].rental_usd / 2;
  EXPECT_THROW(static_cast<void>(search_plans(scenario, question, AnalyticEstimator(), {})),
               Infeasible);
}

}  // namespace
}  // namespace fleetwright
