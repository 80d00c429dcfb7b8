#pragma once

#include <cstddef>
#include <string>

namespace fleetwright::gpu {

/// The GPU that measures and the software around it, as the header of a table states them.
struct GpuInfo {
  std::string name;                // CUDA's, "NVIDIA H100 80GB HBM3"
  std::string accelerator;         // id in profiles/data/accelerators.toml, or made of the name
  std::string pci_bus_id;          // "0000:19:00.0"
  std::string compute_capability;  // "9.0"
  int multiprocessors = 0;
  std::size_t l2_bytes = 0;
  std::size_t memory_bytes = 0;
  std::string driver;        // "580.82.07"; empty where NVML is not there
  std::string driver_cuda;   // the newest CUDA that the driver knows, "13.0"
  std::string runtime_cuda;  // of this build
  std::string cupti;         // "13.0.1"; empty where it is not there
};

/// In one line why this build cannot measure here (problem_of); empty if it can.
[[nodiscard]] std::string gpu_problem();

/// Throws Error with gpu_problem() if there is no usable GPU.
[[nodiscard]] GpuInfo current_gpu();

}  // namespace fleetwright::gpu
