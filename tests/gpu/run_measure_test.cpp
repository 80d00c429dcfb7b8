#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "models/core/error.hpp"
#include "profiles/gpu/run/measure.hpp"

namespace fleetwright::gpu {
namespace {

class NoWork : public Workload {
 public:
  void launch(Stream) override {}
  std::vector<Output> outputs() override { return {}; }
};

/// Gives samples that a function makes of their number and of cold or hot.
class ScriptedTimer : public Timer {
 public:
  using Script = Sample (*)(int index, bool cold);
  explicit ScriptedTimer(Script script) : script_(script) {}

  std::vector<Sample> sample(Workload&, int count, bool cold) override {
    std::vector<Sample> samples;
    for (int i = 0; i < count; ++i) samples.push_back(script_(index_++, cold));
    return samples;
  }
  [[nodiscard]] int taken() const { return index_; }

 private:
  Script script_;
  int index_ = 0;
};

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(Measure, StopsWhenTheMedianIsKnown) {
  NoWork work;
  ScriptedTimer steady([](int i, bool cold) {
    return Sample{(cold ? 100 : 80) + 0.1 * (i % 3), 104, 1755, false};
  });
  const Timings t = measure(work, steady, {});
  EXPECT_TRUE(t.settled);
  EXPECT_NEAR(t.cold.median, 100.1, 1e-9);
  EXPECT_EQ(t.cold.count, 11);
  EXPECT_NEAR(t.hot->median, 80.1, 1e-9);
  EXPECT_EQ(t.event->median, 104);
  EXPECT_NEAR(*event_disagreement(t), 0.039, 1e-3);
  EXPECT_EQ(t.clock_mhz, 1755);
  EXPECT_EQ(t.throttled, 0);
}

TEST(Measure, GoesOnWhileTheMedianIsUncertain) {
  NoWork work;
  // Swings by a tenth: the interval of the median narrows as one over the root of the count.
  ScriptedTimer noisy([](int i, bool) { return Sample{100 + 10 * std::sin(i), 104, 1755, false}; });
  StopRule rule;
  rule.relative_error = 0.02;
  rule.seconds = 60;
  const Timings t = measure(work, noisy, rule);
  EXPECT_TRUE(t.settled);
  EXPECT_GT(t.cold.count, 44);
  EXPECT_LE(t.cold.relative_error, 0.02);
}

TEST(Measure, GivesUpAtTheMostLaunchesAndSaysSo) {
  NoWork work;
  ScriptedTimer wild([](int i, bool) { return Sample{i % 2 == 0 ? 50.0 : 150.0, 104, 0, false}; });
  StopRule rule;
  rule.seconds = 60;
  rule.most = 100;
  const Timings t = measure(work, wild, rule);
  EXPECT_FALSE(t.settled);
  EXPECT_GE(t.cold.count, 100);
  EXPECT_LT(t.cold.count, 111);
  EXPECT_EQ(t.clock_mhz, 0);
}

TEST(Measure, LeavesOutThrottledLaunches) {
  NoWork work;
  ScriptedTimer hot([](int i, bool) {
    return Sample{i % 4 == 0 ? 900.0 : 100.0, 104, 1400, i % 4 == 0};
  });
  const Timings t = measure(work, hot, {});
  EXPECT_EQ(t.cold.median, 100);
  EXPECT_EQ(t.cold.p90, 100);
  EXPECT_GT(t.throttled, 0);
}

TEST(Measure, RefusesALaunchThatIsAlwaysThrottled) {
  NoWork work;
  ScriptedTimer hot([](int, bool) { return Sample{100, 104, 900, true}; });
  StopRule rule;
  rule.most = 30;
  EXPECT_THROW(static_cast<void>(measure(work, hot, rule)), Error);
}

TEST(Measure, TimesByEventsWhereCuptiIsNotThere) {
  NoWork work;
  ScriptedTimer events([](int, bool) { return Sample{nan, 104, 1755, false}; });
  const Timings t = measure(work, events, {});
  EXPECT_EQ(t.cold.median, 104);
  EXPECT_EQ(t.event.has_value(), false);
  EXPECT_EQ(event_disagreement(t), std::nullopt);
}

}  // namespace
}  // namespace fleetwright::gpu
