#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "models/core/error.hpp"
#include "profiles/gpu/timing/counters.hpp"
#include "profiles/gpu/timing/profiling_turn.hpp"

namespace fleetwright::gpu {
namespace {

TEST(Counters, AreTheMetricsInOurUnits) {
  // By name, so that the order of the list and that of the fields are tied together.
  const std::map<std::string, double> measured = {
      {"gpu__time_duration.sum", 123'456},
      {"sm__cycles_elapsed.avg.per_second", 1.755e9},
      {"sm__pipe_tensor_cycles_active.avg.pct_of_peak_sustained_active", 87.5},
      {"dram__bytes_read.sum", 3e9},
      {"dram__bytes_write.sum", 1e9}};
  std::vector<double> values;
  for (const char* metric : counter_metrics()) values.push_back(measured.at(metric));
  const Counters counters = counters_of(values);
  EXPECT_DOUBLE_EQ(counters.time_us, 123.456);
  EXPECT_DOUBLE_EQ(counters.sm_clock_mhz, 1'755);
  EXPECT_DOUBLE_EQ(counters.tensor_active, 0.875);
  EXPECT_DOUBLE_EQ(counters.dram_read_bytes, 3e9);
  EXPECT_DOUBLE_EQ(counters.dram_written_bytes, 1e9);
}

TEST(ProfilingTurn, IsForOneAtATime) {
  {
    const ProfilingTurn records("CUPTI's activity records");
    try {
      const ProfilingTurn counters("the GPU's counters");
      ADD_FAILURE() << "both had the turn";
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(),
                   "the GPU's counters cannot be taken while CUPTI's activity records are");
    }
  }
  EXPECT_NO_THROW(ProfilingTurn("the GPU's counters"));
}

}  // namespace
}  // namespace fleetwright::gpu
