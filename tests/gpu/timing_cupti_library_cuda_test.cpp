#include <dlfcn.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/timing/counters.hpp"
#include "profiles/gpu/timing/cupti_counters.hpp"
#include "profiles/gpu/timing/cupti_host.hpp"

namespace fleetwright::gpu {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

class CuptiTest : public testing::Test {
 protected:
  void SetUp() override {
    try {
      cupti_ = std::make_unique<CuptiLibrary>();
    } catch (const Unavailable& missing) {
      GTEST_SKIP() << missing.what();  // CUPTI is not installed
    }
  }
  [[nodiscard]] const CuptiLibrary& cupti() const { return *cupti_; }

 private:
  std::unique_ptr<CuptiLibrary> cupti_;
};

TEST_F(CuptiTest, IsOfTheMajorVersionOfTheHeaders) {
  EXPECT_EQ(cupti().version() / 10'000, CUPTI_API_VERSION / 10'000);
}

TEST_F(CuptiTest, HasEveryFunctionUnderItsOwnName){
#define FLEETWRIGHT_EXPECT_FUNCTION(function)                                      \
  {                                                                                \
    Dl_info info{};                                                                \
    ASSERT_NE(cupti().function, nullptr);                                          \
    ASSERT_NE(dladdr(reinterpret_cast<void*>(cupti().function), &info), 0);        \
    EXPECT_STREQ(info.dli_sname, #function);                                       \
    EXPECT_NE(std::string(info.dli_fname).find("libcupti.so"), std::string::npos); \
  }
    FLEETWRIGHT_CUPTI_FUNCTIONS(FLEETWRIGHT_EXPECT_FUNCTION)
#undef FLEETWRIGHT_EXPECT_FUNCTION
}

TEST_F(CuptiTest, NamesItsErrors) {
  EXPECT_EQ(cupti().text(CUPTI_ERROR_INVALID_METRIC_NAME), "CUPTI_ERROR_INVALID_METRIC_NAME (17)");
  EXPECT_NO_THROW(cupti().require(CUPTI_SUCCESS, "nothing"));
  try {
    cupti().require(CUPTI_ERROR_INSUFFICIENT_PRIVILEGES, "counting");
    ADD_FAILURE() << "an error went by";
  } catch (const CuptiError& error) {
    EXPECT_STREQ(error.what(), "counting: CUPTI_ERROR_INSUFFICIENT_PRIVILEGES (35)");
    EXPECT_EQ(error.result(), CUPTI_ERROR_INSUFFICIENT_PRIVILEGES);
  }
}

// Runs without a GPU and without a driver.
class CuptiHostTest : public CuptiTest {
 protected:
  void SetUp() override {
    if (sanitized) GTEST_SKIP() << "CUPTI opens libnvperf_host with RTLD_DEEPBIND";
    CuptiTest::SetUp();
  }
};

TEST_F(CuptiHostTest, KnowsEachMetricOnEachChip) {
  for (const char* chip : {"GA100", "GH100", "GB100"}) {
    for (const char* const& metric : counter_metrics()) {
      CuptiHost host(cupti(), chip, {});
      EXPECT_NO_THROW(static_cast<void>(host.configure({&metric, 1}))) << chip << ' ' << metric;
    }
  }
}

TEST_F(CuptiHostTest, CountsAllMetricsInOnePass) {
  for (const char* chip : {"GA100", "GH100", "GB100"}) {
    CuptiHost host(cupti(), chip, {});
    std::vector<std::uint8_t> config = host.configure(counter_metrics());
    EXPECT_GT(config.size(), 0U);
    EXPECT_EQ(host.passes(config), 1U) << chip;
  }
}

TEST_F(CuptiHostTest, NeedsMorePassesForMoreThanTheHardwareHolds) {
  CuptiHost host(cupti(), "GH100", {});
  const std::vector<const char*> throughput = {"sm__throughput.avg.pct_of_peak_sustained_elapsed"};
  std::vector<std::uint8_t> config = host.configure(throughput);
  EXPECT_GT(host.passes(config), 1U);
}

TEST_F(CuptiHostTest, RefusesWhatTheChipDoesNotCount) {
  const std::vector<const char*> of_hopper = {"sm__inst_executed_pipe_tensor_op_gmma.sum"};
  CuptiHost hopper(cupti(), "GH100", {}), ampere(cupti(), "GA100", {});
  EXPECT_NO_THROW(static_cast<void>(hopper.configure(of_hopper)));
  EXPECT_THROW(static_cast<void>(ampere.configure(of_hopper)), CuptiError);
  EXPECT_THROW(CuptiHost(cupti(), "GX999", {}), CuptiError);
}

TEST(CuptiVersion, MustBeOfTheSameMajorVersion) {
  EXPECT_EQ(cupti_version(130'001), "13.0.1");
  EXPECT_EQ(cupti_version(130'200), "13.2.0");
  EXPECT_EQ(cupti_version_problem(130'200, 130'001), "");
  EXPECT_EQ(cupti_version_problem(28, 130'001),
            "CUPTI API 28 (of CUDA 12 or older) cannot be used, this build is for CUPTI 13.0.1");
  EXPECT_EQ(cupti_version_problem(140'000, 130'001),
            "CUPTI 14.0.0 cannot be used, this build is for CUPTI 13.0.1");
}

TEST(CountersProblem, SaysWhoMayCount) {
  const std::string refused =
      counters_problem(CUPTI_ERROR_INSUFFICIENT_PRIVILEGES, "CUPTI's words");
  for (const char* part : {"not permitted", "ERR_NVGPUCTRPERM", "CUPTI's words", "CAP_SYS_ADMIN",
                           "NVreg_RestrictProfilingToAdminUsers=0"}) {
    EXPECT_NE(refused.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(refused.find('\n'), std::string::npos);
  EXPECT_EQ(counters_problem(CUPTI_ERROR_HARDWARE_BUSY, "busy"),
            "another profiler has the GPU's counters (busy)");
  EXPECT_EQ(counters_problem(CUPTI_ERROR_UNKNOWN, "999"),
            "the GPU's counters cannot be read (999)");
}

}  // namespace
}  // namespace fleetwright::gpu
