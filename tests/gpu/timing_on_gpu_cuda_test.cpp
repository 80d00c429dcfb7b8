// What only a GPU can show. Elsewhere these tests are skipped, save the first.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/core/error.hpp"
#include "profiles/gpu/timing/cuda_check.hpp"
#include "profiles/gpu/timing/cupti_counters.hpp"
#include "profiles/gpu/timing/gpu_info.hpp"
#include "profiles/gpu/timing/gpu_timer.hpp"
#include "profiles/gpu/timing/launch_overhead.hpp"
#include "profiles/gpu/timing/median.hpp"

namespace fleetwright::gpu {
namespace {

/// Copies memory on the device, some number of times.
class Copy final : public Workload {
 public:
  explicit Copy(std::size_t bytes, int times = 1) : from_(bytes), to_(bytes), times_(times) {}
  void launch(Stream stream) override {
    for (int i = 0; i < times_; ++i) {
      require_cuda(cudaMemcpyAsync(to_.data(), from_.data(), from_.bytes(),
                                   cudaMemcpyDeviceToDevice, stream),
                   "copying");
    }
  }
  std::vector<Output> outputs() override { return {}; }

 private:
  DeviceArray<char> from_;
  DeviceArray<char> to_;
  int times_;
};

double median_of(const std::vector<Sample>& samples, double Sample::*field) {
  std::vector<double> values;
  for (const Sample& sample : samples) values.push_back(sample.*field);
  return median(values);
}

class OnGpu : public testing::Test {
 protected:
  void SetUp() override {
    // These need a GPU and its driver; what is missing is the reason.
    if (const std::string problem = gpu_problem(); !problem.empty())
      GTEST_SKIP() << problem;  // no GPU
  }
};

TEST(WithoutGpu, EverythingSaysWhatIsMissing) {
  const std::string problem = gpu_problem();
  if (problem.empty()) GTEST_SKIP() << "there is a GPU";
  EXPECT_EQ(problem.find('\n'), std::string::npos);
  EXPECT_THROW(static_cast<void>(current_gpu()), Error);
  EXPECT_THROW(GpuTimer(), Error);
  CuptiCounters counters;
  EXPECT_EQ(counters.problem(), problem);
  EXPECT_FALSE(counters.problem().empty());
}

TEST_F(OnGpu, InformationIsWhole) {
  const GpuInfo info = current_gpu();
  EXPECT_FALSE(info.name.empty());
  EXPECT_FALSE(info.accelerator.empty());
  EXPECT_GT(info.multiprocessors, 0);
  EXPECT_GT(info.l2_bytes, std::size_t{1} << 20);
  EXPECT_GT(info.memory_bytes, std::size_t{1} << 30);
  EXPECT_NE(info.pci_bus_id.find(':'), std::string::npos);
}

TEST_F(OnGpu, TimesOfCuptiAndOfEventsAgreeOnALongCopy) {
  GpuTimer timer;
  Copy copy(std::size_t{1} << 30);
  const auto samples = timer.sample(copy, 20, false);
  ASSERT_EQ(samples.size(), 20U);
  const double kernel_us = median_of(samples, &Sample::kernel_us);
  const double event_us = median_of(samples, &Sample::event_us);
  const double clock_mhz = median_of(samples, &Sample::clock_mhz);
  if (!timer.last_activity().empty()) {
    EXPECT_NEAR(kernel_us, event_us, 0.05 * event_us) << timer.describe();
  }
  EXPECT_GT(event_us, 100);
  EXPECT_GT(clock_mhz, 200);
  EXPECT_LT(clock_mhz, 4'000);
}

TEST_F(OnGpu, ALaunchOfSeveralCopiesSpansThemAll) {
  GpuTimer timer;
  Copy copy(std::size_t{64} << 20, 5);
  static_cast<void>(timer.sample(copy, 150, true));                     // more than one batch
  if (timer.last_activity().empty()) GTEST_SKIP() << timer.describe();  // no CUPTI
  ASSERT_EQ(timer.last_activity().size(), 150U);
  for (const LaunchActivity& activity : timer.last_activity()) {
    EXPECT_EQ(activity.records, 5);
    EXPECT_LE(activity.busy_us, activity.span_us);
    EXPECT_GT(activity.busy_us, 0.5 * activity.span_us);
  }
}

TEST_F(OnGpu, FlushingTheL2MakesASmallCopySlower) {
  GpuTimer timer;
  Copy copy(std::size_t{8} << 20);  // from and to fit into the L2
  const auto field = std::isnan(timer.sample(copy, 1, false)[0].kernel_us) ? &Sample::event_us
                                                                           : &Sample::kernel_us;
  const double hot = median_of(timer.sample(copy, 60, false), field);
  const double cold = median_of(timer.sample(copy, 60, true), field);
  EXPECT_GT(cold, 1.1 * hot);
}

TEST_F(OnGpu, CountersSeeTheBytesOfACopy) {
  CuptiCounters counters;
  if (!counters.problem().empty()) GTEST_SKIP() << counters.problem();  // not permitted
  constexpr double bytes = 1 << 30;
  Copy copy(std::size_t{1} << 30);
  const auto counted = counters.count(copy);
  ASSERT_TRUE(counted) << counters.problem();
  EXPECT_NEAR(counted->dram_read_bytes, bytes, 0.1 * bytes);
  EXPECT_NEAR(counted->dram_written_bytes, bytes, 0.1 * bytes);
  EXPECT_LT(counted->tensor_active, 0.01);
  EXPECT_GT(counted->time_us, 100);
  EXPECT_GT(counted->sm_clock_mhz, 200);
}

TEST_F(OnGpu, TimesAndCountsTakeTurns) {
  GpuTimer timer;
  CuptiCounters counters;
  Copy copy(std::size_t{256} << 20);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(timer.sample(copy, 3, true).size(), 3U);
    EXPECT_EQ(counters.count(copy).has_value(), counters.problem().empty());
  }
}

TEST_F(OnGpu, LaunchesCostMicroseconds) {
  const LaunchOverhead overhead = measure_launch_overhead();
  EXPECT_GT(overhead.empty_us, 0.5);
  EXPECT_LT(overhead.empty_us, 100);
  if (!overhead.no_chain.empty()) GTEST_SKIP() << overhead.no_chain;  // no CUPTI
  EXPECT_GT(overhead.start_to_start_us, overhead.short_us);
  EXPECT_LT(overhead.start_to_start_us, 100);
}

}  // namespace
}  // namespace fleetwright::gpu
