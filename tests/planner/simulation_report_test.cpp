#include "planner/simulation_report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "planner/output/report_formats.hpp"
#include "planner/output/report_json.hpp"
#include "planner/report.hpp"
#include "sim/analytic_run.hpp"
#include "sim/simgrid/simulated_estimator.hpp"
#include "tests/planner/scenario_text.hpp"

namespace fleetwright::testing {
namespace {

Scenario small(const std::string& variation = "") {
  const TemporaryFolder folder;
  std::string text(small_scenario);
  if (!variation.empty()) text += "\n[variation]\nsource = \"a test\"\n" + variation;
  return read_scenario(folder.write("scenario.toml", text));
}

Report simulated(const Scenario& scenario, const RunPlan& plan) {
  Unfolding unfolding;
  if (scenario.variation) unfolding.variation = *scenario.variation;
  return make_report(scenario,
                     simulate_cluster(scenario.setup, unfolding, plan, SimulatedEstimator()));
}

TEST(SimulationReport, KeepsTheTimeOfEachStep) {
  const Report report = simulated(small("kernel_jitter = 0.05\n"), {20, 0});
  const StepTimes& steps = report.simulation->steps;
  ASSERT_EQ(steps.each.size(), 20U);
  EXPECT_LT(steps.least, steps.p10);
  EXPECT_LT(steps.p10, steps.p50);
  EXPECT_LT(steps.p50, steps.p90);
  EXPECT_LT(steps.p90, steps.most);
  EXPECT_GT(steps.deviation, Seconds{0});
  EXPECT_EQ(report.step.time, steps.each.front());
}

TEST(SimulationReport, StepsThatDifferInNothingTakeTheSameTime) {
  const Report report = simulated(small(), {5, 0});
  const StepTimes& steps = report.simulation->steps;
  EXPECT_NEAR(steps.most.si(), steps.least.si(), 1e-9 * steps.most.si());
  EXPECT_NEAR(steps.mean.si(), steps.most.si(), 1e-9 * steps.most.si());
}

TEST(SimulationReport, LoadsNoLinkBeyondItsCapacity) {
  const Report report = simulated(small(), {});
  ASSERT_FALSE(report.step.links.empty());
  double before = 1;
  for (const LinkUsage& link : report.step.links) {
    EXPECT_LE(link.busy_load, 1 + 1e-6) << link.name;
    EXPECT_LE(link.mean_load, before);
    before = link.mean_load;
  }
}

TEST(SimulationReport, NamesTheColumnOfASlowNodeAsTheLatest) {
  const TemporaryFolder folder;
  const Scenario scenario =
      read_scenario(folder.write("scenario.toml", edited(moe_scenario, {{"ep = 32", "ep = 16"}}) +
                                                      "\n[variation]\nsource = \"a test\"\n"
                                                      "slow_node = [{ node = 6, factor = 3 }]\n"),
                    {});
  Unfolding unfolding;
  unfolding.variation = *scenario.variation;
  const SimulationReport report =
      simulation_report(simulate_cluster(scenario.setup, unfolding, {}, AnalyticEstimator()));
  ASSERT_EQ(report.columns, 2);
  ASSERT_EQ(report.simulated.size(), 2U);
  EXPECT_EQ(report.simulated[0].column, 1);  // nodes 6 and 7: the second half of the second stage
  EXPECT_GT(report.simulated[0].passes_end, report.simulated[1].passes_end);
}

TEST(SimulationReport, IsInEveryFormat) {
  const Report report = simulated(small(), {});
  const auto json = nlohmann::json::parse(report_json(report));
  EXPECT_EQ(json["simulation"]["granularity"], "coflow");
  EXPECT_EQ(json["simulation"]["steps"]["count"], 1);
  EXPECT_EQ(json["ranks"].size(), report.step.ranks.size());
  EXPECT_EQ(json["links"].size(), report.step.links.size());
  for (const std::string& text :
       {report_table(report), report_markdown(report), report_html(report)}) {
    EXPECT_NE(text.find("Links with the highest load"), std::string::npos);
    EXPECT_NE(text.find("Pipeline ranks"), std::string::npos);
  }
}

}  // namespace
}  // namespace fleetwright::testing
