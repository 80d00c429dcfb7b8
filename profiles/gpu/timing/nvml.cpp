#include "profiles/gpu/timing/nvml.hpp"

#include <dlfcn.h>
#include <fmt/core.h>

#include <array>

#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {
namespace {

// From nvml.h: NVML_CLOCK_SM, NVML_TEMPERATURE_GPU, NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE.
constexpr int sm_clock = 1;
constexpr int gpu_sensor = 0;
constexpr std::size_t version_length = 80;

template <typename Function>
void find(Function& function, const Nvml::Lookup& lookup, const char* name) {
  if (function == nullptr) function = reinterpret_cast<Function>(lookup(name));
}

// The driver puts it on the loader's path; it stays loaded, as the driver does.
Nvml::Lookup in_driver() {
  void* library = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw Unavailable(fmt::format("no NVML: {}", dlerror()));
  return [library](const char* name) { return dlsym(library, name); };
}

}  // namespace

Nvml::Nvml(const std::string& pci_bus_id) : Nvml(in_driver(), pci_bus_id) {}

Nvml::Nvml(const Lookup& lookup, const std::string& pci_bus_id) {
  find(functions_.init, lookup, "nvmlInit_v2");
  find(functions_.shutdown, lookup, "nvmlShutdown");
  find(functions_.device, lookup, "nvmlDeviceGetHandleByPciBusId_v2");
  find(functions_.clock, lookup, "nvmlDeviceGetClockInfo");
  find(functions_.power, lookup, "nvmlDeviceGetPowerUsage");
  find(functions_.temperature, lookup, "nvmlDeviceGetTemperature");
  // Renamed in driver 535.
  find(functions_.reasons, lookup, "nvmlDeviceGetCurrentClocksEventReasons");
  find(functions_.reasons, lookup, "nvmlDeviceGetCurrentClocksThrottleReasons");
  find(functions_.driver, lookup, "nvmlSystemGetDriverVersion");
  if (functions_.init == nullptr || functions_.device == nullptr ||
      functions_.shutdown == nullptr) {
    throw Unavailable("no NVML: the library lacks nvmlInit_v2 or what belongs to it");
  }
  if (const int status = functions_.init(); status != 0) {
    throw Unavailable(fmt::format("no NVML: it does not start (error {})", status));
  }
  if (const int status = functions_.device(pci_bus_id.c_str(), &device_); status != 0) {
    functions_.shutdown();
    throw Unavailable(fmt::format("no NVML: it has no GPU {} (error {})", pci_bus_id, status));
  }
}

Nvml::~Nvml() { functions_.shutdown(); }

BoardState Nvml::state() const {
  BoardState state;
  unsigned value = 0;
  if (functions_.clock != nullptr && functions_.clock(device_, sm_clock, &value) == 0) {
    state.sm_clock_mhz = value;
  }
  if (functions_.power != nullptr && functions_.power(device_, &value) == 0) {
    state.power_w = value / 1e3;
  }
  if (functions_.temperature != nullptr &&
      functions_.temperature(device_, gpu_sensor, &value) == 0) {
    state.temperature_c = value;
  }
  unsigned long long bits = 0;  // NOLINT(google-runtime-int): NVML's own type
  if (functions_.reasons != nullptr && functions_.reasons(device_, &bits) == 0) {
    state.clock_reasons = bits;
  }
  return state;
}

std::string Nvml::driver_version() const {
  std::array<char, version_length> version{};
  if (functions_.driver == nullptr ||
      functions_.driver(version.data(), static_cast<unsigned>(version.size())) != 0) {
    return {};
  }
  return version.data();
}

}  // namespace fleetwright::gpu
