#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace fleetwright::gpu {

/// What the board says of itself at a moment; empty where it does not say.
struct BoardState {
  std::optional<double> sm_clock_mhz;
  std::optional<double> power_w;
  std::optional<double> temperature_c;
  std::optional<std::uint64_t> clock_reasons;  // bits of nvmlClocksEventReason...
};

/// NVIDIA's management library, which comes with the driver: found at run time, never needed.
class Nvml {
 public:
  /// A function of the library by name, null if it has none.
  using Lookup = std::function<void*(const char*)>;

  /// `pci_bus_id` as CUDA prints it, 0000:19:00.0. Throws Unavailable.
  explicit Nvml(const std::string& pci_bus_id);
  /// On another library that has these functions. It must outlive this.
  Nvml(const Lookup& lookup, const std::string& pci_bus_id);
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;
  ~Nvml();

  [[nodiscard]] BoardState state() const;
  /// Of the driver, "580.82.07"; empty if it does not say.
  [[nodiscard]] std::string driver_version() const;

 private:
  // The part of nvml.h that is used; the CUDA toolkit does not have to hold that header. All
  // return 0 for success.
  using Device = void*;
  struct Functions {
    int (*init)() = nullptr;
    int (*shutdown)() = nullptr;
    int (*device)(const char* pci_bus_id, Device* device) = nullptr;
    int (*clock)(Device device, int type, unsigned* mhz) = nullptr;
    int (*power)(Device device, unsigned* milliwatts) = nullptr;
    int (*temperature)(Device device, int sensor, unsigned* celsius) = nullptr;
    int (*reasons)(Device device, unsigned long long* bits) = nullptr;
    int (*driver)(char* version, unsigned length) = nullptr;
  };

  Functions functions_;
  Device device_ = nullptr;
};

}  // namespace fleetwright::gpu
