#pragma once

#include <span>
#include <string>
#include <string_view>

namespace fleetwright::gpu {

/// What CUDA calls an accelerator of profiles/data/accelerators.toml.
struct GpuName {
  std::string_view cuda;  // the device's name
  double memory_gib = 0;  // as the driver reports; several parts share a name
  std::string_view id;    // the accelerator's
};

[[nodiscard]] std::span<const GpuName> gpu_names();

/// The id of the accelerator that CUDA calls so; of an unknown one its name with hyphens for what
/// a folder's name should not hold.
[[nodiscard]] std::string accelerator_id(std::string_view cuda_name, double memory_bytes);

/// The folder of an accelerator's tables under profiles/data.
[[nodiscard]] std::string profile_folder(std::string_view accelerator_id);

}  // namespace fleetwright::gpu
