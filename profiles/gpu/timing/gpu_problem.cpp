#include "profiles/gpu/timing/gpu_problem.hpp"

#include <fmt/core.h>

namespace fleetwright::gpu {

std::string problem_of(const GpuFacts& facts) {
  if (facts.driver_version == 0) return "no NVIDIA driver";
  // Drivers run what was built for an earlier or later minor version of their major version.
  const int major = facts.runtime_version / 1000;
  if (facts.driver_version / 1000 < major) {
    return fmt::format("NVIDIA driver too old (CUDA {} < {}.0)", cuda_version(facts.driver_version),
                       major);
  }
  if (facts.devices == 0) {
    return facts.device_error.empty() ? "no GPU visible"
                                      : fmt::format("no GPU visible: {}", facts.device_error);
  }
  if (facts.name.empty()) return "the GPU does not answer";
  // CUDA names the slices of a divided GPU "NVIDIA A100-SXM4-80GB MIG 1g.10gb".
  if (facts.name.find(" MIG ") != std::string::npos) {
    return fmt::format("{} is a slice of a GPU: its times are not the GPU's", facts.name);
  }
  if (facts.compute_major < 8) {
    return fmt::format("{} has compute capability {}, 8 or newer is needed", facts.name,
                       facts.compute_major);
  }
  return {};
}

std::string cuda_version(int version) {
  return fmt::format("{}.{}", version / 1000, version % 1000 / 10);
}

}  // namespace fleetwright::gpu
