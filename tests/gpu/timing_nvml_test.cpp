#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>

#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/timing/nvml.hpp"

namespace fleetwright::gpu {
namespace {

/// What the pretended library did and says.
struct Board {
  int started = 0;
  int start_error = 0;
  std::string asked_for;
  bool power_known = true;
} board;
int device_of_board;

int start() {
  if (board.start_error == 0) ++board.started;
  return board.start_error;
}
int stop() { return --board.started, 0; }
int find_device(const char* bus_id, void** device) {
  board.asked_for = bus_id;
  *device = &device_of_board;
  return board.asked_for == "0000:19:00.0" ? 0 : 6;  // NVML_ERROR_NOT_FOUND
}
int clock_info(void* device, int type, unsigned* mhz) {
  *mhz = 1'755;
  return device == &device_of_board && type == 1 ? 0 : 2;
}
int power_usage(void*, unsigned* milliwatts) {
  *milliwatts = 698'500;
  return board.power_known ? 0 : 3;
}
int temperature(void*, int sensor, unsigned* celsius) {
  *celsius = 64;
  return sensor == 0 ? 0 : 2;
}
int reasons(void*, unsigned long long* bits) {
  *bits = 0x24;
  return 0;
}
int driver_version(char* version, unsigned length) {
  std::strncpy(version, "580.82.07", length);
  return 0;
}

class NvmlTest : public testing::Test {
 protected:
  void SetUp() override { board = {}; }

  template <typename Function>
  void add(const std::string& name, Function* function) {
    functions_[name] = reinterpret_cast<void*>(function);
  }
  void add_all() {
    add("nvmlInit_v2", start);
    add("nvmlShutdown", stop);
    add("nvmlDeviceGetHandleByPciBusId_v2", find_device);
    add("nvmlDeviceGetClockInfo", clock_info);
    add("nvmlDeviceGetPowerUsage", power_usage);
    add("nvmlDeviceGetTemperature", temperature);
    add("nvmlDeviceGetCurrentClocksEventReasons", reasons);
    add("nvmlSystemGetDriverVersion", driver_version);
  }
  [[nodiscard]] Nvml::Lookup lookup() const {
    return [this](const char* name) {
      const auto found = functions_.find(name);
      return found == functions_.end() ? nullptr : found->second;
    };
  }

  std::map<std::string, void*> functions_;
};

TEST_F(NvmlTest, SaysWhatTheBoardSays) {
  add_all();
  {
    const Nvml nvml(lookup(), "0000:19:00.0");
    EXPECT_EQ(board.started, 1);
    const BoardState state = nvml.state();
    EXPECT_EQ(state.sm_clock_mhz, 1'755);
    EXPECT_EQ(state.power_w, 698.5);
    EXPECT_EQ(state.temperature_c, 64);
    EXPECT_EQ(state.clock_reasons, 0x24U);
    EXPECT_EQ(nvml.driver_version(), "580.82.07");
  }
  EXPECT_EQ(board.started, 0);
}

TEST_F(NvmlTest, LeavesOutWhatTheBoardOrTheLibraryDoesNotKnow) {
  add_all();
  board.power_known = false;
  functions_.erase("nvmlDeviceGetTemperature");
  functions_.erase("nvmlSystemGetDriverVersion");
  const Nvml nvml(lookup(), "0000:19:00.0");
  EXPECT_FALSE(nvml.state().power_w);
  EXPECT_FALSE(nvml.state().temperature_c);
  EXPECT_TRUE(nvml.state().sm_clock_mhz);
  EXPECT_EQ(nvml.driver_version(), "");
}

TEST_F(NvmlTest, KnowsTheOlderNameOfTheReasons) {
  add_all();
  functions_.erase("nvmlDeviceGetCurrentClocksEventReasons");
  add("nvmlDeviceGetCurrentClocksThrottleReasons", reasons);
  EXPECT_EQ(Nvml(lookup(), "0000:19:00.0").state().clock_reasons, 0x24U);
}

TEST_F(NvmlTest, IsUnavailableWhereItDoesNotStartOrHasNoSuchGpu) {
  EXPECT_THROW(Nvml(lookup(), "0000:19:00.0"), Unavailable);  // has nothing
  add_all();
  EXPECT_THROW(Nvml(lookup(), "0000:1a:00.0"), Unavailable);
  EXPECT_EQ(board.started, 0);
  board.start_error = 9;  // NVML_ERROR_DRIVER_NOT_LOADED
  EXPECT_THROW(Nvml(lookup(), "0000:19:00.0"), Unavailable);
  EXPECT_EQ(board.started, 0);
}

}  // namespace
}  // namespace fleetwright::gpu
