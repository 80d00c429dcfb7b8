#pragma once

#include <string>

namespace fleetwright::gpu {

/// What decides whether this build can measure here.
struct GpuFacts {
  int driver_version = 0;   // the newest CUDA that the driver knows, 13000 for 13.0; 0: no driver
  int runtime_version = 0;  // the CUDA of this build
  int devices = 0;
  std::string device_error;  // CUDA's words where counting devices fails
  std::string name;          // of the first device
  int compute_major = 0;
};

/// In one line what is missing; empty if nothing is. The driver is looked at first: without one,
/// CUDA and CUPTI give misleading reasons.
[[nodiscard]] std::string problem_of(const GpuFacts& facts);

/// 13000 as "13.0".
[[nodiscard]] std::string cuda_version(int version);

}  // namespace fleetwright::gpu
