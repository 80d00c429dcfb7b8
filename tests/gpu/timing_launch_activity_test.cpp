#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "models/core/error.hpp"
#include "profiles/gpu/timing/launch_activity.hpp"

namespace fleetwright::gpu {
namespace {

/// What CUPTI would record of a stream on which one thing runs after another.
class Recorder {
 public:
  Recorder& mark() { return add(2'000, true); }
  Recorder& work(std::uint64_t ns) { return add(ns, false); }
  Recorder& pause(std::uint64_t ns) {
    now_ += ns;
    return *this;
  }
  /// In another order than that of the calls.
  [[nodiscard]] std::vector<ActivityRecord> shuffled() const {
    std::vector<ActivityRecord> records = records_;
    std::shuffle(records.begin(), records.end(), std::mt19937(7));
    return records;
  }
  [[nodiscard]] std::vector<ActivityRecord>& records() { return records_; }

 private:
  Recorder& add(std::uint64_t ns, bool mark) {
    correlation_ += 3;  // calls that leave no record lie between
    records_.push_back({now_, now_ + ns, correlation_, mark});
    now_ += ns;
    return *this;
  }
  std::uint64_t now_ = 1'000'000'000;
  std::uint32_t correlation_ = 100;
  std::vector<ActivityRecord> records_;
};

std::string text_of_error(std::vector<ActivityRecord> records, int launches) {
  try {
    static_cast<void>(attribute(std::move(records), launches));
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(LaunchActivity, BelongsToTheLaunchWhoseMarksItLiesBetween) {
  Recorder recorder;
  recorder.mark().work(200'000);  // the hold
  recorder.work(90'000).mark().work(5'000).mark();
  recorder.work(90'000).mark().work(7'000).mark();  // after a flush
  const auto activity = attribute(recorder.shuffled(), 2);
  ASSERT_EQ(activity.size(), 2U);
  EXPECT_DOUBLE_EQ(activity[0].span_us, 5);
  EXPECT_DOUBLE_EQ(activity[1].span_us, 7);
  EXPECT_EQ(activity[0].records, 1);
}

TEST(LaunchActivity, SpansTheGapsBetweenKernelsButIsNotBusyInThem) {
  Recorder recorder;
  recorder.mark().mark().work(4'000).pause(1'000).work(6'000).pause(500).work(500).mark();
  const auto activity = attribute(recorder.shuffled(), 1);
  EXPECT_DOUBLE_EQ(activity[0].span_us, 12);
  EXPECT_DOUBLE_EQ(activity[0].busy_us, 10.5);
  EXPECT_EQ(activity[0].records, 3);
}

TEST(LaunchActivity, CountsTimeOnceWhereKernelsOverlap) {
  Recorder recorder;
  recorder.mark().mark().work(10'000).work(10'000).mark();
  recorder.records()[3].start_ns -= 4'000;
  recorder.records()[3].end_ns -= 4'000;
  const auto activity = attribute(recorder.shuffled(), 1);
  EXPECT_DOUBLE_EQ(activity[0].span_us, 16);
  EXPECT_DOUBLE_EQ(activity[0].busy_us, 16);
}

TEST(LaunchActivity, KnowsTheNodesOfAGraphByTheirCommonCorrelation) {
  Recorder recorder;
  recorder.mark().mark().work(3'000).work(3'000).mark();
  recorder.records()[3].correlation = recorder.records()[2].correlation;
  EXPECT_EQ(attribute(recorder.shuffled(), 1)[0].records, 2);
}

TEST(LaunchActivity, RefusesRecordsWithAMarkMissing) {
  Recorder recorder;
  recorder.mark().mark().work(5'000).mark().mark().work(5'000).mark();
  recorder.records().erase(recorder.records().begin() + 3);
  EXPECT_EQ(text_of_error(recorder.shuffled(), 2),
            "CUPTI recorded 4 of 5 marks: records were lost");
}

TEST(LaunchActivity, RefusesALaunchThatLeftNothing) {
  Recorder recorder;
  recorder.mark().mark().work(5'000).mark().mark().mark();
  EXPECT_EQ(text_of_error(recorder.shuffled(), 2), "CUPTI recorded nothing of launch 2");
}

TEST(LaunchActivity, RefusesATimeThatWasNotTaken) {
  Recorder recorder;
  recorder.mark().mark().work(5'000).mark();
  recorder.records()[2].start_ns = recorder.records()[2].end_ns = 0;
  EXPECT_EQ(text_of_error(recorder.shuffled(), 1),
            "CUPTI could not take the time of a kernel of launch 1");
}

TEST(LaunchActivity, ChainIsMeasuredFromStartToStartAfterTheLastMark) {
  Recorder recorder;
  recorder.work(9'000).mark().work(50'000).mark();
  for (int i = 0; i < 5; ++i) recorder.work(1'500).pause(1'000);
  const ChainTimes times = chain_times(recorder.shuffled());
  EXPECT_DOUBLE_EQ(times.start_to_start_us, 2.5);
  EXPECT_DOUBLE_EQ(times.kernel_us, 1.5);
  EXPECT_THROW(static_cast<void>(chain_times(Recorder().work(1).work(1).mark().records())), Error);
}

TEST(Covered, IsTheLengthOfTheUnion) {
  EXPECT_EQ(covered({}), 0U);
  EXPECT_EQ(covered({{10, 20}}), 10U);
  EXPECT_EQ(covered({{30, 40}, {10, 20}}), 20U);             // apart
  EXPECT_EQ(covered({{10, 20}, {20, 30}}), 20U);             // touching
  EXPECT_EQ(covered({{10, 20}, {15, 30}}), 20U);             // overlapping
  EXPECT_EQ(covered({{10, 100}, {20, 30}, {40, 50}}), 90U);  // inside
  EXPECT_EQ(covered({{10, 20}, {10, 20}}), 10U);             // the same
}

}  // namespace
}  // namespace fleetwright::gpu
