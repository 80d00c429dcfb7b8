#include "sim/link_usage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/analytic_run.hpp"
#include "sim/program_builder.hpp"
#include "sim/simgrid/simulated_estimator.hpp"
#include "sim/topologies/topology.hpp"
#include "tests/support/setups.hpp"
#include "tests/support/small_fabrics.hpp"

namespace fleetwright::testing {
namespace {

/// Two transfers that meet on link 0 of 1 GB/s, and one alone on link 1 of 4 GB/s.
class LinkUsageTest : public ::testing::Test {
 protected:
  LinkUsageTest() {
    add(1_GB, 0, 0_s);
    add(3_GB, 0, 0_s);
    add(2_GB, 1, 1_s);
  }
  void add(Bytes bytes, LinkId link, Seconds delay) {
    const auto lane = program_.add_lane({0, LaneKind::data_parallel});
    program_.add_task(kernel(lane, delay), {}, std::vector<FlowSpec>{{bytes, {{link, 1}}, 0, 1}});
  }

  Fabric fabric_ = loose_links({1_GBps, 4_GBps});
  StepProgram program_;
};

TEST_F(LinkUsageTest, CountsBytesAndBusyTimes) {
  SingleColumn step(program_, fabric_);
  const std::vector<LinkUsage> links =
      link_usage(SimulatedEstimator().run(step, {}), fabric_.links());
  ASSERT_EQ(links.size(), 2U);
  EXPECT_EQ(links[0].name, "link 0");
  EXPECT_DOUBLE_EQ(links[0].bytes.si(), 4e9);
  EXPECT_NEAR(links[0].busy.si(), 4, 1e-9);
  EXPECT_NEAR(links[0].mean_load, 1, 1e-9);
  EXPECT_NEAR(links[1].busy.si(), 0.5, 1e-9);
  EXPECT_NEAR(links[1].mean_load, 0.125, 1e-9);
  EXPECT_NEAR(links[1].busy_load, 1, 1e-9);
}

TEST_F(LinkUsageTest, TellsTheLoadOverTime) {
  SingleColumn step(program_, fabric_);
  const Timeline timeline = SimulatedEstimator().run(step, {}).timeline;
  const std::vector<LinkHistory> histories = link_loads(step, 0, timeline, 2);
  ASSERT_EQ(histories.size(), 2U);
  // 1 GB in 2 s and 3 GB in 4 s, each spread evenly.
  ASSERT_EQ(histories[0].samples.size(), 3U);
  EXPECT_NEAR(histories[0].samples[0].load, 0.5 + 0.75, 1e-9);
  EXPECT_NEAR(histories[0].samples[1].load, 0.75, 1e-9);
  EXPECT_EQ(histories[0].samples[2].load, 0);
  ASSERT_EQ(histories[1].samples.size(), 2U);
  EXPECT_NEAR(histories[1].samples[0].time.si(), 1, 1e-9);
  EXPECT_NEAR(histories[1].samples[0].load, 1, 1e-9);
  EXPECT_EQ(link_loads(step, 0, timeline, 1).size(), 1U);
}

TEST(LinkUsage, IsTheSameOfBothEnginesButForTheTime) {
  StepSetup s = moe_setup("H800-SXM", 64, 4);
  s.job.strategy.schedule = "1f1b";
  s.job.strategy.global_batch = s.job.strategy.dp * 8;
  const auto alone = estimate_step(s, AnalyticEstimator()).links;
  const auto shared = estimate_step(s, SimulatedEstimator()).links;
  ASSERT_EQ(alone.size(), shared.size());
  for (const LinkUsage& link : shared) {
    const auto same = std::ranges::find(alone, link.name, &LinkUsage::name);
    ASSERT_NE(same, alone.end());
    EXPECT_NEAR(link.bytes / same->bytes, 1, 1e-9) << link.name;
    EXPECT_LE(link.busy_load, 1 + 1e-6) << link.name;
  }
}

}  // namespace
}  // namespace fleetwright::testing
