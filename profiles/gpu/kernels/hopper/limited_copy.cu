#include "models/core/error.hpp"
#include "profiles/gpu/kernels/hopper/launch.cuh"
#include "profiles/gpu/kernels/hopper/limited_copy.hpp"
#include "profiles/gpu/kernels/packs.cuh"

namespace fleetwright::gpu::hopper {
namespace {

constexpr int threads = 1024;
// 64 bytes in flight a thread: what 20 SMs can ask of the memory, as a communication kernel would.
constexpr int copied = 4;
// So much that neither another block of this kernel nor one of a product fits beside a block.
constexpr int shared_bytes = 120 * 1024;

__global__ void __launch_bounds__(threads, 1)
    limited_copy_kernel(const bf16* from, bf16* to, std::size_t packs, int times) {
  const std::size_t step = static_cast<std::size_t>(gridDim.x) * threads;
  const std::size_t first = static_cast<std::size_t>(blockIdx.x) * threads + threadIdx.x;
  for (int time = 0; time < times; ++time) {
    for (std::size_t at = first; at < packs; at += copied * step) {
      Bits held[copied];
      for (int k = 0; k < copied; ++k) {
        if (at + k * step < packs) held[k] = load_once(from + (at + k * step) * 8);
      }
      for (int k = 0; k < copied; ++k) {
        if (at + k * step < packs) store_once(to + (at + k * step) * 8, held[k]);
      }
    }
  }
}

}  // namespace

void copy_on_some(int sms, const bf16* from, bf16* to, std::size_t size, int times, Stream stream) {
  if (sms < 1 || size % 8 != 0) throw Error("copy_on_some: some SMs, and multiples of 8 numbers");
  launch_clusters(limited_copy_kernel, {sms, 1, threads, shared_bytes}, stream, from, to, size / 8,
                  times);
}

}  // namespace fleetwright::gpu::hopper
