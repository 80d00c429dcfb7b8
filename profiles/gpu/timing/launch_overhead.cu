#include "profiles/gpu/kernels/device.cuh"
#include "profiles/gpu/timing/launch_overhead.hpp"

namespace fleetwright::gpu {
namespace {

__global__ void empty_kernel() {}

__global__ void add_one_kernel(unsigned* value) {
  if (threadIdx.x == 0) *value += 1;
}

}  // namespace

void launch_empty(Stream stream) { launch(empty_kernel, 1, warp_size, stream); }

void launch_short(unsigned* value, Stream stream) {
  launch(add_one_kernel, 1, warp_size, stream, value);
}

}  // namespace fleetwright::gpu
