#include "profiles/gpu/timing/throttling.hpp"

namespace fleetwright::gpu {
namespace {

constexpr std::uint64_t hardware_slowdown = 0x08;
constexpr std::uint64_t software_thermal_slowdown = 0x20;
constexpr std::uint64_t hardware_thermal_slowdown = 0x40;
constexpr std::uint64_t power_brake = 0x80;
constexpr std::uint64_t slowed =
    hardware_slowdown | software_thermal_slowdown | hardware_thermal_slowdown | power_brake;
constexpr double tolerated = 0.95;

}  // namespace

bool is_throttled(std::uint64_t reasons, double clock_mhz, double sustained_mhz) {
  // A clock that is not a number compares as false.
  return (reasons & slowed) != 0 || clock_mhz < tolerated * sustained_mhz;
}

}  // namespace fleetwright::gpu
