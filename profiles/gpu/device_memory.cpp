#include "profiles/gpu/device_memory.hpp"

#include <cuda_runtime_api.h>
#include <fmt/core.h>

#include <string>
#include <string_view>

namespace fleetwright::gpu {
namespace {

void require(cudaError_t status, std::string_view what) {
  if (status != cudaSuccess) {
    throw Error(fmt::format("{}: {}", what, cudaGetErrorString(status)));
  }
}

}  // namespace

void* device_allocate(std::size_t bytes) {
  void* memory = nullptr;
  const cudaError_t status = cudaMalloc(&memory, bytes);
  const std::string what = fmt::format("cannot allocate {} bytes on the GPU", bytes);
  if (status == cudaErrorMemoryAllocation) {
    cudaGetLastError();  // not sticky: what follows may work
    throw OutOfMemory(what);
  }
  require(status, what);
  return memory;
}

void device_free(void* memory) noexcept { cudaFree(memory); }

void upload(void* device, const void* host, std::size_t bytes) {
  require(cudaMemcpy(device, host, bytes, cudaMemcpyHostToDevice), "copying to the GPU");
}

void download(void* host, const void* device, std::size_t bytes) {
  require(cudaMemcpy(host, device, bytes, cudaMemcpyDeviceToHost), "copying from the GPU");
}

void device_fill(void* device, int byte, std::size_t bytes, Stream stream) {
  require(cudaMemsetAsync(device, byte, bytes, stream), "filling GPU memory");
}

void device_synchronize() { require(cudaDeviceSynchronize(), "waiting for the GPU"); }

void check_launch() { require(cudaGetLastError(), "starting a kernel"); }

int multiprocessors() {
  int device = 0, count = 0;
  require(cudaGetDevice(&device), "asking for the GPU");
  require(cudaDeviceGetAttribute(&count, cudaDevAttrMultiProcessorCount, device),
          "asking for the GPU's multiprocessors");
  return count;
}

}  // namespace fleetwright::gpu
