#include "profiles/gpu/timing/current_device.hpp"

#include <array>

#include "profiles/gpu/timing/cuda_check.hpp"

namespace fleetwright::gpu {

int current_device() {
  int device = 0;
  require_cuda(cudaGetDevice(&device), "asking for the GPU");
  return device;
}

std::string pci_bus_id() {
  std::array<char, 32> id{};
  require_cuda(cudaDeviceGetPCIBusId(id.data(), static_cast<int>(id.size()), current_device()),
               "asking for the GPU's bus id");
  return id.data();
}

std::size_t l2_bytes() {
  int bytes = 0;
  require_cuda(cudaDeviceGetAttribute(&bytes, cudaDevAttrL2CacheSize, current_device()),
               "asking for the size of the L2");
  return static_cast<std::size_t>(bytes);
}

}  // namespace fleetwright::gpu
