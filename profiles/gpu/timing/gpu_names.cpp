#include "profiles/gpu/timing/gpu_names.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace fleetwright::gpu {
namespace {

// Names as nvidia-smi and CUDA print them.
constexpr auto names = std::to_array<GpuName>({
    {"NVIDIA A100-PCIE-40GB", 40, "A100-PCIE-40"},
    {"NVIDIA A100 80GB PCIe", 80, "A100-PCIE-80"},
    {"NVIDIA A100-SXM4-40GB", 40, "A100-SXM-40"},
    {"NVIDIA A100-SXM4-80GB", 80, "A100-SXM-80"},
    {"NVIDIA A800-SXM4-80GB", 80, "A800-SXM-80"},
    {"NVIDIA H100 80GB HBM3", 79.65, "H100-SXM"},
    {"NVIDIA H100", 95.58, "H100-96GB-HBM2e-500W"},
    {"NVIDIA H100 PCIe", 79.65, "H100-PCIE"},
    {"NVIDIA H800", 79.65, "H800-SXM"},
    {"NVIDIA H800 PCIe", 79.65, "H800-PCIE"},
    {"NVIDIA H200", 140.4, "H200-SXM"},
    {"NVIDIA H20", 95.58, "H20-96"},
    {"NVIDIA H20", 140.4, "H20-141"},
    {"NVIDIA H20-3e", 140.4, "H20-141"},
    {"NVIDIA L40S", 44.99, "L40S"},
    {"NVIDIA GeForce RTX 4090", 23.99, "RTX4090"},
    {"NVIDIA B200", 179.06, "B200-SXM"},
    {"NVIDIA B300 SXM6 AC", 268.59, "B300-SXM"},
    {"NVIDIA GB200", 185.03, "GB200"},
    {"NVIDIA GB300", 277.55, "GB300"},
});

// CUDA leaves out what the driver keeps for itself: 79.1 of 79.65 GiB on an H100. Parts that share
// a name differ by far more.
constexpr double memory_tolerance = 0.05;
constexpr double gib = 1024.0 * 1024.0 * 1024.0;

}  // namespace

std::span<const GpuName> gpu_names() { return names; }

std::string accelerator_id(std::string_view cuda_name, double memory_bytes) {
  for (const GpuName& name : names) {
    const double difference = std::abs(memory_bytes / gib - name.memory_gib);
    if (name.cuda == cuda_name && difference <= memory_tolerance * name.memory_gib) {
      return std::string(name.id);
    }
  }
  std::string id;
  for (const char c : cuda_name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_') {
      id += c;
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
  }
  while (!id.empty() && id.back() == '-') id.pop_back();
  return id.empty() ? "unknown-GPU" : id;
}

std::string profile_folder(std::string_view accelerator_id) {
  std::string folder(accelerator_id);
  std::ranges::transform(folder, folder.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return folder;
}

}  // namespace fleetwright::gpu
