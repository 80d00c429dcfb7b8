#pragma once

// What the kernels share. A .cu file of this folder is CUDA for nvcc, and plain C++ for the
// emulator of tests/gpu, which supplies the tokens of CUDA before it includes the file: so use
// threadIdx, blockIdx, blockDim, gridDim, static __shared__ arrays, __syncthreads, full-warp
// shuffles and votes, atomicAdd, and launch() below instead of <<<>>>.

#include <cuda_bf16.h>
#include <cuda_fp8.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "profiles/gpu/device_memory.hpp"

namespace fleetwright::gpu {

using bf16 = __nv_bfloat16;
using fp8 = __nv_fp8_storage_t;  // the byte of an E4M3 number

constexpr unsigned all_lanes = 0xffffffffU;
constexpr int warp_size = 32;
/// Largest finite E4M3 number.
constexpr float fp8_max = 448.0F;

/// Sixteen bytes that move in one instruction; addresses must be multiples of 16. They move as a
/// uint4: of a struct of smaller numbers the compiler makes as many smaller accesses.
template <typename T>
struct alignas(16) Pack {
  static constexpr int size = static_cast<int>(16 / sizeof(T));
  T at[size];
};

template <typename T>
__device__ inline Pack<T> load_pack(const T* from) {
  const uint4 bits = *reinterpret_cast<const uint4*>(from);
  Pack<T> pack;
  memcpy(static_cast<void*>(&pack), &bits, sizeof(bits));
  return pack;
}
template <typename T>
__device__ inline void store_pack(T* to, const Pack<T>& pack) {
  uint4 bits;
  memcpy(&bits, static_cast<const void*>(&pack), sizeof(bits));
  *reinterpret_cast<uint4*>(to) = bits;
}

__device__ inline float to_float(bf16 x) { return __bfloat162float(x); }
__device__ inline float to_float(float x) { return x; }
__device__ inline bf16 to_bf16(float x) { return __float2bfloat16_rn(x); }
__device__ inline fp8 to_fp8(float x) {
  return __nv_cvt_float_to_fp8(x, __NV_SATFINITE, __NV_E4M3);
}
__device__ inline float from_fp8(fp8 x) {
  return __half2float(__half(__nv_cvt_fp8_to_halfraw(x, __NV_E4M3)));
}

__device__ inline float warp_sum(float x) {
  for (int lanes = warp_size / 2; lanes > 0; lanes /= 2) x += __shfl_xor_sync(all_lanes, x, lanes);
  return x;
}
__device__ inline float warp_max(float x) {
  for (int lanes = warp_size / 2; lanes > 0; lanes /= 2) {
    x = fmaxf(x, __shfl_xor_sync(all_lanes, x, lanes));
  }
  return x;
}

/// Sum over a block of Threads (a multiple of 32), given to every thread. All threads must call it.
template <int Threads>
__device__ inline float block_sum(float x) {
  static_assert(Threads % warp_size == 0 && Threads <= 1024);
  __shared__ float parts[Threads / warp_size];
  x = warp_sum(x);
  __syncthreads();  // the array may still be read from the last call
  if (threadIdx.x % warp_size == 0) parts[threadIdx.x / warp_size] = x;
  __syncthreads();
  float sum = 0;
  for (int w = 0; w < Threads / warp_size; ++w) sum += parts[w];
  return sum;
}

template <int Threads>
__device__ inline float block_max(float x) {
  static_assert(Threads % warp_size == 0 && Threads <= 1024);
  __shared__ float parts[Threads / warp_size];
  x = warp_max(x);
  __syncthreads();
  if (threadIdx.x % warp_size == 0) parts[threadIdx.x / warp_size] = x;
  __syncthreads();
  float largest = parts[0];
  for (int w = 1; w < Threads / warp_size; ++w) largest = fmaxf(largest, parts[w]);
  return largest;
}

inline unsigned blocks_for(std::size_t work, std::size_t of_one_block) {
  return static_cast<unsigned>((work + of_one_block - 1) / of_one_block);
}

#ifdef __CUDACC__
/// Queues a kernel; throws Error if it cannot be started.
template <typename... P, typename... A>
void launch(void (*kernel)(P...), dim3 grid, dim3 block, Stream stream, A... arguments) {
  kernel<<<grid, block, 0, stream>>>(static_cast<P>(arguments)...);
  check_launch();
}
#endif

}  // namespace fleetwright::gpu
