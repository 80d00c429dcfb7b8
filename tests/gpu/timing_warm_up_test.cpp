#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "profiles/gpu/timing/throttling.hpp"
#include "profiles/gpu/timing/warm_up_rule.hpp"

namespace fleetwright::gpu {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

// When it settles on clocks read every 20 ms.
template <typename ClockAt>
double settling_time(WarmUpRule& rule, ClockAt clock_at) {
  for (int i = 1; i < 10'000; ++i) {
    if (rule.settled(0.02 * i, clock_at(0.02 * i))) return 0.02 * i;
  }
  return -1;
}

TEST(WarmUpRule, WaitsForHalfASecondOfASteadyClock) {
  WarmUpRule rule(0.5, 3);
  EXPECT_NEAR(settling_time(rule, [](double) { return 1'980.0; }), 0.52, 0.001);
  EXPECT_DOUBLE_EQ(rule.clock_mhz(), 1'980);
}

TEST(WarmUpRule, WaitsUntilTheClockHasComeDown) {
  WarmUpRule rule(0.5, 3);
  const auto falling = [](double s) { return s < 1 ? 1'980 - 500 * s : 1'480.0; };
  const double settled = settling_time(rule, falling);
  EXPECT_GT(settled, 1.4);
  EXPECT_LT(settled, 1.6);
  EXPECT_NEAR(rule.clock_mhz(), 1'480, 15);
}

TEST(WarmUpRule, TakesOnePercentForSteadyAndTwoForNot) {
  WarmUpRule steady(0.5, 3), restless(0.5, 3);
  const auto swing = [](double by) {
    return [by](double s) { return std::fmod(s, 0.04) < 0.019 ? 1'500.0 : 1'500 * (1 - by); };
  };
  EXPECT_LT(settling_time(steady, swing(0.009)), 0.6);
  EXPECT_NEAR(settling_time(restless, swing(0.02)), 3, 0.001);
}

TEST(WarmUpRule, GoesByTimeAloneWhereTheClockIsUnknown) {
  WarmUpRule rule(0.5, 3);
  EXPECT_NEAR(settling_time(rule, [](double) { return unknown; }), 0.52, 0.001);
  EXPECT_TRUE(std::isnan(rule.clock_mhz()));
}

TEST(WarmUpRule, DoesNotTakeOneLongBatchForAWarmUp) {
  WarmUpRule rule(0.5, 3);
  EXPECT_FALSE(rule.settled(0.9, 1'500));
  EXPECT_TRUE(rule.settled(1.8, 1'500));
}

TEST(HoldTime, CoversWhatTheHostNeedsBeyondTheGpu) {
  EXPECT_DOUBLE_EQ(hold_us(100, 20, 5), 100 * (25 - 5));
  EXPECT_DOUBLE_EQ(hold_us(100, 20, 1'000), 200);    // the GPU is slower
  EXPECT_DOUBLE_EQ(hold_us(128, 1'000, 5), 20'000);  // no longer than that
}

TEST(Throttling, IsHeatAndBrakesNotThePowerCap) {
  EXPECT_FALSE(is_throttled(0, 1'500, 1'500));
  EXPECT_FALSE(is_throttled(0x01, 1'500, 1'500));  // idle
  EXPECT_FALSE(is_throttled(0x04, 1'500, 1'500));  // software power cap
  for (const unsigned reason : {0x08U, 0x20U, 0x40U, 0x80U}) {
    EXPECT_TRUE(is_throttled(reason, 1'500, 1'500)) << reason;
    EXPECT_TRUE(is_throttled(reason | 0x04U, 1'500, 1'500)) << reason;
  }
}

TEST(Throttling, IsAClockBelowTheSustainedOne) {
  EXPECT_FALSE(is_throttled(0, 1'430, 1'500));
  EXPECT_TRUE(is_throttled(0, 1'420, 1'500));
  EXPECT_FALSE(is_throttled(0, 1'980, 1'500));
  EXPECT_FALSE(is_throttled(0, unknown, 1'500));
  EXPECT_FALSE(is_throttled(0, 1'500, unknown));
}

}  // namespace
}  // namespace fleetwright::gpu
