#include "profiles/gpu/kernels/device.cuh"
#include "profiles/gpu/kernels/fill.hpp"

namespace fleetwright::gpu {
namespace {

constexpr int threads = 256;

// SplitMix64 (Steele, Lea and Flood 2014) of a counter.
__device__ inline std::uint64_t random_bits(std::uint64_t seed, std::uint64_t counter) {
  std::uint64_t z = seed + (counter + 1) * 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

// The sum of four uniform numbers is near enough to normal; its variance is 4/12.
__device__ inline float random_normal(std::uint64_t seed, std::uint64_t counter) {
  const std::uint64_t bits = random_bits(seed, counter);
  float sum = 0;
  for (int i = 0; i < 4; ++i) sum += static_cast<float>((bits >> (16 * i)) & 0xffff);
  return (sum / 65536.0F - 2.0F) * 1.7320508F;
}

__device__ inline void store(bf16* to, float x) { *to = to_bf16(x); }
__device__ inline void store(float* to, float x) { *to = x; }
__device__ inline void store(fp8* to, float x) { *to = to_fp8(x); }

template <typename T>
__global__ void fill_normal_kernel(T* to, std::size_t size, std::uint64_t seed, float scale) {
  const std::size_t step = static_cast<std::size_t>(gridDim.x) * threads;
  for (std::size_t i = static_cast<std::size_t>(blockIdx.x) * threads + threadIdx.x; i < size;
       i += step) {
    store(to + i, scale * random_normal(seed, i));
  }
}

__global__ void fill_whole_kernel(std::int32_t* to, std::size_t size, std::uint64_t seed,
                                  std::int32_t below) {
  const std::size_t step = static_cast<std::size_t>(gridDim.x) * threads;
  for (std::size_t i = static_cast<std::size_t>(blockIdx.x) * threads + threadIdx.x; i < size;
       i += step) {
    to[i] = static_cast<std::int32_t>(random_bits(seed, i) % static_cast<std::uint64_t>(below));
  }
}

unsigned grid_for(std::size_t size) {
  constexpr unsigned most = 8192;
  const unsigned blocks = blocks_for(size, threads);
  return blocks < most ? (blocks > 0 ? blocks : 1) : most;
}

}  // namespace

void fill_random(bf16* to, std::size_t size, std::uint64_t seed, float scale, Stream stream) {
  launch(fill_normal_kernel<bf16>, grid_for(size), threads, stream, to, size, seed, scale);
}
void fill_random(float* to, std::size_t size, std::uint64_t seed, float scale, Stream stream) {
  launch(fill_normal_kernel<float>, grid_for(size), threads, stream, to, size, seed, scale);
}
void fill_random(fp8* to, std::size_t size, std::uint64_t seed, float scale, Stream stream) {
  launch(fill_normal_kernel<fp8>, grid_for(size), threads, stream, to, size, seed, scale);
}
void fill_random(std::int32_t* to, std::size_t size, std::uint64_t seed, std::int32_t below,
                 Stream stream) {
  launch(fill_whole_kernel, grid_for(size), threads, stream, to, size, seed, below);
}

}  // namespace fleetwright::gpu
