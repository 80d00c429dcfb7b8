#include "sim/memory_over_time.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/setups.hpp"

namespace fleetwright {
namespace {

StepEstimate estimate(const std::string& schedule) {
  StepSetup s = testing::moe_setup("H800-SXM", 64, 4);
  testing::set_schedule(s, schedule);
  s.job.strategy.global_batch = s.job.strategy.dp * 16;
  return estimate_step(s, AnalyticEstimator());
}

TEST(MemoryOverTime, RunsFromNothingToNothingInTheOrderOfTime) {
  for (const std::string& schedule : names_of(builtin_schedules())) {
    const std::vector<MemorySample> samples = estimate(schedule).trace.memory;
    ASSERT_FALSE(samples.empty());
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const bool first = i == 0 || samples[i - 1].rank != samples[i].rank;
      const bool last = i + 1 == samples.size() || samples[i + 1].rank != samples[i].rank;
      if (first || last) {
        EXPECT_NEAR(samples[i].activations.si(), 0, 1) << schedule;
      }
      if (!first) {
        EXPECT_GE(samples[i].time, samples[i - 1].time) << schedule << ' ' << i;
      }
    }
  }
}

TEST(MemoryOverTime, PeaksAtTheActivationsOfEachRank) {
  for (const std::string& schedule : names_of(builtin_schedules())) {
    const StepEstimate e = estimate(schedule);
    std::vector<Bytes> peaks(e.memory.size());
    for (const MemorySample& m : e.trace.memory) {
      Bytes& peak = peaks[static_cast<std::size_t>(m.rank)];
      peak = std::max(peak, m.activations);
    }
    for (std::size_t rank = 0; rank < peaks.size(); ++rank) {
      EXPECT_EQ(peaks[rank], e.memory[rank].activations) << schedule << ' ' << rank;
    }
  }
}

// A rank of 1F1B is full from its last warm-up forward on until its first one without a partner.
TEST(MemoryOverTime, OfOneFOneBIsHighestInTheMiddleOfTheStep) {
  const StepEstimate e = estimate("1f1b");
  Seconds first_peak = e.time;
  Seconds last_peak;
  for (const MemorySample& m : e.trace.memory) {
    if (m.rank != 0 || m.activations < e.memory[0].activations) continue;
    first_peak = std::min(first_peak, m.time);
    last_peak = std::max(last_peak, m.time);
  }
  EXPECT_LT(first_peak, 0.3 * e.time);
  EXPECT_GT(last_peak, 0.6 * e.time);
  EXPECT_LT(last_peak, e.time);
}

}  // namespace
}  // namespace fleetwright
