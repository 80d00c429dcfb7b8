#include <gtest/gtest.h>

#include <cmath>

#include "profiles/gpu/timing/clock_stamps.hpp"

namespace fleetwright::gpu {
namespace {

constexpr std::size_t sms = 4;

/// A GPU whose SM counters started at different times, and whose clock changes.
class Stamper {
 public:
  void run(double us, double mhz) {
    us_ += us;
    cycles_ += us * mhz;
  }
  /// `tick_ns`: of the timer.
  void stamp(std::uint64_t tick_ns = 1) {
    for (std::size_t sm = 0; sm < sms; ++sm) {
      const auto ns = static_cast<std::uint64_t>(us_ * 1e3);
      stamps_.push_back(
          {static_cast<std::uint64_t>(cycles_) + 1'000'000 * sm, ns / tick_ns * tick_ns});
    }
  }
  [[nodiscard]] std::vector<ClockStamp>& stamps() { return stamps_; }
  [[nodiscard]] std::span<const ClockStamp> row(std::size_t i) const {
    return std::span(stamps_).subspan(i * sms, sms);
  }

 private:
  double us_ = 5'000;
  double cycles_ = 7'000'000;
  std::vector<ClockStamp> stamps_;
};

TEST(ClockStamps, GiveCyclesOverTime) {
  Stamper stamper;
  stamper.stamp();
  stamper.run(1'000, 1'755);
  stamper.stamp();
  EXPECT_NEAR(clock_mhz(stamper.row(0), stamper.row(1)), 1'755, 0.01);
  EXPECT_NEAR(elapsed_us(stamper.row(0), stamper.row(1)), 1'000, 0.01);
}

TEST(ClockStamps, OfOneSmInErrorDoNotMoveTheMedian) {
  Stamper stamper;
  stamper.stamp();
  stamper.run(500, 1'400);
  stamper.stamp();
  stamper.stamps()[sms] = {1, 6'000'000};  // its counter was reset
  stamper.stamps()[2 * sms - 1] = {};      // no block ran there
  EXPECT_NEAR(clock_mhz(stamper.row(0), stamper.row(1)), 1'400, 0.01);
}

TEST(ClockStamps, ThatAreMissingGiveNoNumber) {
  const std::vector<ClockStamp> none(sms);
  Stamper stamper;
  stamper.stamp();
  EXPECT_TRUE(std::isnan(clock_mhz(none, stamper.row(0))));
  EXPECT_TRUE(std::isnan(clock_mhz(stamper.row(0), none)));
  EXPECT_EQ(elapsed_us(none, stamper.row(0)), 0);
}

TEST(LaunchClocks, AreThoseOfEachLaunchIfItIsLong) {
  Stamper stamper;
  stamper.stamp();
  stamper.run(300, 1'980);  // the hold
  const double clocks[] = {1'800, 1'600, 1'500};
  for (const double mhz : clocks) {
    stamper.stamp();
    stamper.run(1'000, mhz);
    stamper.stamp();
    stamper.run(100, 1'900);  // the flush
  }
  const auto measured = launch_clocks(stamper.stamps(), sms);
  ASSERT_EQ(measured.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(measured[i], clocks[i], 0.01);
}

TEST(LaunchClocks, OfShortLaunchesAreThoseOfTheirNeighbourhood) {
  Stamper stamper;
  stamper.stamp();
  stamper.run(300, 900);  // the hold must not be taken in: there is enough after it
  for (int i = 0; i < 100; ++i) {
    stamper.stamp(1'000);
    stamper.run(5.3, 1'700);
    stamper.stamp(1'000);
    stamper.run(2.1, 1'700);
  }
  const auto measured = launch_clocks(stamper.stamps(), sms);
  ASSERT_EQ(measured.size(), 100U);
  // One tick of a microsecond in 200.
  for (const double mhz : measured) EXPECT_NEAR(mhz, 1'700, 0.005 * 1'700);
}

TEST(LaunchClocks, TakeInTheTimeBeforeTheBatchWhereItIsTooShort) {
  Stamper stamper;
  stamper.stamp(1'000);
  stamper.run(300.5, 1'700);
  stamper.stamp(1'000);
  stamper.run(2.3, 1'700);
  stamper.stamp(1'000);
  const auto measured = launch_clocks(stamper.stamps(), sms);
  ASSERT_EQ(measured.size(), 1U);
  EXPECT_NEAR(measured[0], 1'700, 0.005 * 1'700);
}

TEST(LaunchClocks, ComeToAnEndWithoutStamps) {
  const std::vector<ClockStamp> none(5 * sms);
  const auto measured = launch_clocks(none, sms);
  ASSERT_EQ(measured.size(), 2U);
  EXPECT_TRUE(std::isnan(measured[0]));
}

}  // namespace
}  // namespace fleetwright::gpu
