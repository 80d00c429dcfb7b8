#include "planner/comparison.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "planner/output/comparison_formats.hpp"

namespace fleetwright {
namespace {

Comparison of_variant(const std::vector<std::string>& settings) {
  std::vector<Report> reports;
  for (std::vector<std::string> with : {std::vector<std::string>{}, settings}) {
    with.emplace_back("engine=\"analytic\"");
    reports.push_back(
        make_report(read_scenario("scenarios/gpt3-175b-a100.toml", with), AnalyticEstimator()));
  }
  return compare_reports(std::move(reports));
}

TEST(Comparison, FactorsMultiplyToTheRatioOfDurations) {
  const Comparison c = of_variant(
      {"training.tokens=\"600 B tokens\"", "strategy.dp=16", "cluster.accelerators=2048"});
  ASSERT_EQ(c.explained.size(), 1U);
  const DurationExplained& e = c.explained.front();
  EXPECT_DOUBLE_EQ(e.tokens, 2);
  EXPECT_DOUBLE_EQ(e.accelerators, 0.5);
  EXPECT_NEAR(e.tokens * e.accelerators * e.gpu_time * e.waiting, e.duration, 1e-3 * e.duration);
}

TEST(Comparison, PartsAddUpToTheGpuTimeOfATokenMore) {
  const Comparison c = of_variant({"cluster.nic=\"ib-edr-100\""});
  const auto gpu_seconds = [](const Report& r) {
    return r.step.time.si() * r.scenario.setup.cluster.gpus /
           tokens_per_step(r.scenario.setup.job) * 1e6;
  };
  const DurationExplained& e = c.explained.front();
  EXPECT_NEAR(e.computation + e.communication + e.bubble + e.update,
              gpu_seconds(c.reports[1]) - gpu_seconds(c.reports[0]), 1e-6);
  EXPECT_GT(e.gpu_time, 1) << "half the network is not faster";
}

TEST(Comparison, ListsTheSettingsThatDifferAndNoOthers) {
  const Comparison c = of_variant({"strategy.micro_batch=2"});
  EXPECT_TRUE(std::ranges::any_of(c.settings,
                                  [](const auto& s) { return s.path == "strategy.micro_batch"; }));
  EXPECT_TRUE(std::ranges::none_of(c.settings,
                                   [](const auto& s) { return s.path == "cluster.accelerator"; }));
  EXPECT_NE(comparison_table(c).find("strategy.micro_batch"), std::string::npos);
}

}  // namespace
}  // namespace fleetwright
