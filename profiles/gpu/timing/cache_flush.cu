#include "profiles/gpu/kernels/device.cuh"
#include "profiles/gpu/timing/cache_flush.hpp"

namespace fleetwright::gpu {
namespace {

constexpr int threads = 256;
// Eight loads in flight in each thread.
constexpr int loads = 8;

__device__ inline unsigned warp_total(unsigned x) {
  for (int lanes = warp_size / 2; lanes > 0; lanes /= 2) x += __shfl_xor_sync(all_lanes, x, lanes);
  return x;
}

// The sums are stored so that the compiler keeps the loads.
__global__ void read_kernel(const unsigned* from, std::size_t packs, unsigned* sums) {
  constexpr int width = Pack<unsigned>::size;
  const std::size_t step = static_cast<std::size_t>(gridDim.x) * threads;
  std::size_t at = static_cast<std::size_t>(blockIdx.x) * threads + threadIdx.x;
  unsigned sum = 0;
  for (; at < packs; at += loads * step) {
    Pack<unsigned> pack[loads] = {};
    for (int i = 0; i < loads; ++i) {
      const std::size_t mine = at + i * step;
      if (mine < packs) pack[i] = load_pack(from + mine * width);
    }
    for (int i = 0; i < loads; ++i) {
      for (int j = 0; j < width; ++j) sum += pack[i].at[j];
    }
  }
  sum = warp_total(sum);
  if (threadIdx.x % warp_size == 0) {
    sums[blockIdx.x * (threads / warp_size) + threadIdx.x / warp_size] = sum;
  }
}

}  // namespace

CacheFlush::CacheFlush(std::size_t l2_bytes)
    : buffer_((2 * l2_bytes + 15) / 16 * (16 / sizeof(unsigned))),
      sums_(static_cast<std::size_t>(8 * multiprocessors()) * (threads / warp_size)) {}

void CacheFlush::queue(Stream stream) {
  device_fill(buffer_.data(), 0x01, buffer_.bytes(), stream);
  launch(read_kernel, static_cast<unsigned>(8 * multiprocessors()), threads, stream, buffer_.data(),
         buffer_.bytes() / 16, sums_.data());
}

unsigned CacheFlush::sum() const {
  unsigned total = 0;
  for (const unsigned sum : sums_.host()) total += sum;
  return total;
}

}  // namespace fleetwright::gpu
