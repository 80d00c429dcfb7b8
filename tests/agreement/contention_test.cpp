#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

#include "sim/simgrid/simulated_estimator.hpp"
#include "tests/support/small_fabrics.hpp"

namespace fleetwright::testing {
namespace {

/// Tasks that start at 0, each on a lane of its own, and when SimGrid says they end.
class ContentionTest : public ::testing::Test {
 protected:
  void transfer(Bytes bytes, const std::vector<LinkUse>& uses, Seconds delay = 0_s,
                double peers = 1) {
    const auto lane = program_.add_lane({0, LaneKind::data_parallel});
    program_.add_task(kernel(lane, delay), {}, std::vector<FlowSpec>{{bytes, uses, 0, 1, peers}});
  }
  void expect_ends(const std::vector<double>& ends) const {
    std::vector<double> simulated;
    for (const Interval& interval : SimulatedEstimator{}.run(program_, fabric_)) {
      simulated.push_back(interval.end.si());
    }
    ASSERT_EQ(simulated.size(), ends.size());
    for (std::size_t i = 0; i < ends.size(); ++i) {
      EXPECT_NEAR(simulated[i], ends[i], 1e-10 * ends[i]) << "task " << i;
    }
  }

  Fabric fabric_ = loose_links({1_GBps, 4_GBps, 1_GBps, BytesPerSecond{1.000001e9}});
  StepProgram program_;
};

TEST_F(ContentionTest, TwoFlowsOnALinkTakeTwiceAsLong) {
  transfer(1_GB, {{0, 1}});
  transfer(1_GB, {{0, 1}});
  expect_ends({2, 2});
}

TEST_F(ContentionTest, TheOtherFlowGetsTheLinkWhenOneEnds) {
  transfer(1_GB, {{0, 1}});
  transfer(3_GB, {{0, 1}});
  expect_ends({2, 4});
}

TEST_F(ContentionTest, DelaysDoNotChangeTheShares) {
  transfer(2_GB, {{0, 1}});
  transfer(1_GB, {{0, 1}}, 500_ms);
  expect_ends({3, 2.5});
}

TEST_F(ContentionTest, AWeightTakesThatManyShares) {
  // Rates are equal and the first flow counts three times on the link: a quarter of it each.
  transfer(1_GB, {{0, 3}});
  transfer(2_GB, {{0, 1}});
  expect_ends({4, 5});
}

TEST_F(ContentionTest, AFlowGetsSharesForAllItStandsFor) {
  transfer(7_GB, {{0, 1}}, 0_s, 7);
  transfer(2_GB, {{0, 1}});
  expect_ends({8, 9});  // an eighth of the link for the second until the first ends
}

TEST_F(ContentionTest, SharesCountAgainWhenAFlowComesLate) {
  transfer(3_GB, {{0, 1}});
  transfer(3_GB, {{0, 1}}, 1_s, 3);
  expect_ends({6, 5});  // 1 GB alone, then a quarter beside three quarters
}

TEST_F(ContentionTest, AFlowThatEndsWhenAnotherBeginsDoesNotMeetIt) {
  transfer(1_GB, {{0, 1}});
  transfer(1_GB, {{0, 1}}, 1_s);
  transfer(1_GB, {{0, 1}}, 2_s);
  expect_ends({1, 2, 3});
}

TEST_F(ContentionTest, AFlowGetsWhatItsSlowestLinkGivesAndOthersTheRest) {
  transfer(1_GB, {{0, 1}, {1, 1}});
  transfer(7_GB, {{1, 1}});
  expect_ends({1, 2});  // 1 and 3 GB/s, then 4 GB/s for the rest
}

TEST_F(ContentionTest, SharesAreMaxMinFairOverSeveralLinks) {
  // On links 0 and 2 the long flow meets one other each: all get half.
  transfer(1_GB, {{0, 1}, {2, 1}});
  transfer(1_GB, {{0, 1}});
  transfer(2_GB, {{2, 1}});
  expect_ends({2, 2, 3});
}

TEST_F(ContentionTest, LinksThatFillUpAlmostTogetherStayApart) {
  // 1 GB/s and 1.000001 GB/s: the second flow gets half of link 0, the third the rest of link 3.
  transfer(1_GB, {{0, 1}});
  transfer(1_GB, {{0, 1}, {3, 1}});
  transfer(1_GB, {{3, 1}});
  expect_ends({2, 2, 1e9 / (1.000001e9 - 0.5e9)});
}

TEST_F(ContentionTest, WhatALargeWeightLeavesOfALinkIsStillUsed) {
  fabric_ = loose_links({1_GBps, BytesPerSecond{3999.99}});
  transfer(Bytes{3999.99}, {{0, 249'999}, {1, 1}});
  // 1e9 - 249,999 x 3,999.99 B/s = 6,499.99 B/s, less than 1e-5 of the link.
  transfer(Bytes{6499.99}, {{0, 1}});
  expect_ends({1, 1});
}

TEST_F(ContentionTest, AStepMayTakeAThousandTimesAsLongAsAlone) {
  std::vector<double> ends;
  for (int i = 1; i <= 1000; ++i) {
    transfer(Bytes{1e9 * i}, {{0, 1}});
    // All smaller ones are through, and the larger ones have moved as much as this one.
    ends.push_back(i * (i + 1) / 2.0 + i * (1000.0 - i));
  }
  expect_ends(ends);
}

TEST_F(ContentionTest, GivesTheSameBytesEachTime) {
  std::mt19937 random(7);
  const auto up_to = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  for (int i = 0; i < 400; ++i) {
    const auto link = static_cast<LinkId>(up_to(3));
    transfer(Bytes{1e6 / (1 + up_to(9))}, {{link, 1}, {(link + 1) % 4, 2}}, up_to(20) * 10_us);
  }
  const Timeline once = SimulatedEstimator{}.run(program_, fabric_);
  const Timeline again = SimulatedEstimator{}.run(program_, fabric_);
  ASSERT_EQ(once.size(), again.size());
  EXPECT_EQ(std::memcmp(once.data(), again.data(), once.size() * sizeof(Interval)), 0);
}

}  // namespace
}  // namespace fleetwright::testing
