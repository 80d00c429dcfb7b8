#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/device_memory.hpp"
#include "profiles/gpu/reference/matrix.hpp"

namespace fleetwright::gpu {

/// The same random BF16 numbers for a kernel and for its reference.
struct RandomTensor {
  reference::Matrix host;
  DeviceArray<__nv_bfloat16> device;

  RandomTensor(std::size_t rows, std::size_t columns, std::uint64_t seed, double scale = 1.0)
      : host(rows, columns) {
    const std::vector<__nv_bfloat16> values = random_bf16(rows * columns, seed, scale);
    host.at = widen(values);
    device = DeviceArray<__nv_bfloat16>(values);
  }
};

/// "rmsnorm_forward 7x512 y"
inline std::string named(const char* kernel, std::size_t rows, std::size_t columns,
                         const char* output) {
  return std::string(kernel) + " " + std::to_string(rows) + "x" + std::to_string(columns) + " " +
         output;
}

}  // namespace fleetwright::gpu
