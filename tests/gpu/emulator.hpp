#pragma once

// Runs CUDA kernels on the CPU, so that their indexing, barriers and arithmetic are tested where
// there is no GPU: each thread of a block is a fiber, switched at barriers and warp exchanges only.
// Include this first, then a .cu file of profiles/gpu/kernels. A barrier that some threads of the
// block never reach, or a warp exchange without the whole warp, throws. Threads run in ascending,
// descending or shuffled order: a kernel whose result depends on it lacks a barrier.

#include <cuda_bf16.h>
#include <cuda_fp8.h>
#include <driver_types.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>

// The names are CUDA's.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
#undef __global__
#undef __device__
#undef __host__
#undef __shared__
#undef __constant__
#undef __forceinline__
#undef __launch_bounds__
#define __global__
#define __device__
#define __host__
#define __shared__ static
#define __constant__ static
#define __forceinline__ inline
#define __launch_bounds__(...)

namespace fleetwright::emulator {

/// Runs `kernel` for every thread of every block. Throws std::logic_error on a broken barrier.
void run(dim3 grid, dim3 block, const std::function<void()>& kernel);
/// The same for clusters of blocks, whose threads run at the same time.
void run_clusters(dim3 grid, dim3 block, int cluster, const std::function<void()>& kernel);
/// Lets the other threads run until the condition holds. `what` it waits for is said where it never
/// does.
void wait_until(const std::function<bool()>& holds, const char* what);
/// Asked when no thread can go on: does some work that was put off, or gives false.
extern std::function<bool()> when_idle;
/// Called before the threads of a cluster start and after they have ended, where it is set.
extern std::function<void()> when_cluster_starts, when_cluster_ends;
/// The calling thread, numbered over its cluster, and its block of the cluster.
[[nodiscard]] int thread_of_caller();
[[nodiscard]] int block_of_caller();
[[nodiscard]] int blocks_of_cluster();
/// Whether all threads of a block of the cluster have ended.
[[nodiscard]] bool has_ended(int block);
void block_barrier();
void warp_barrier();
/// Where the calling lane leaves (up to 16) bytes for the others of its warp.
void* lane_slot(int lane);
[[nodiscard]] int lane_of_caller();
/// The order in which threads run, ascending if neither: the first that can go on, or warps by
/// chance.
extern bool descending, shuffled;
/// By chance, the same in each run.
[[nodiscard]] bool one_in(unsigned times);
/// Whether what runs by itself is put off: never in ascending order, always in descending.
[[nodiscard]] bool puts_off();

template <typename T>
T exchange(T value, int source) {
  static_assert(sizeof(T) <= 16);
  std::memcpy(lane_slot(lane_of_caller()), &value, sizeof(T));
  warp_barrier();
  T result;
  std::memcpy(static_cast<void*>(&result), lane_slot(source), sizeof(T));
  warp_barrier();
  return result;
}

/// Bit l is set if lane l's predicate holds.
inline unsigned vote(bool predicate) {
  unsigned bits = 0;
  const unsigned mine = predicate ? 1U : 0U;
  std::memcpy(lane_slot(lane_of_caller()), &mine, sizeof(mine));
  warp_barrier();
  for (int lane = 0; lane < 32; ++lane) {
    unsigned theirs = 0;
    std::memcpy(&theirs, lane_slot(lane), sizeof(theirs));
    bits |= theirs << lane;
  }
  warp_barrier();
  return bits;
}

}  // namespace fleetwright::emulator

extern uint3 threadIdx, blockIdx;
extern dim3 blockDim, gridDim;

inline void __syncthreads() { fleetwright::emulator::block_barrier(); }
inline void __syncwarp(unsigned = 0xffffffffU) { fleetwright::emulator::warp_barrier(); }
template <typename T>
T __shfl_sync(unsigned, T value, int source) {
  return fleetwright::emulator::exchange(value, source % 32);
}
template <typename T>
T __shfl_xor_sync(unsigned, T value, int lanes) {
  return fleetwright::emulator::exchange(value, fleetwright::emulator::lane_of_caller() ^ lanes);
}
template <typename T>
T __shfl_up_sync(unsigned, T value, unsigned by) {
  const int lane = fleetwright::emulator::lane_of_caller(), from = lane - static_cast<int>(by);
  return fleetwright::emulator::exchange(value, from < 0 ? lane : from);
}
template <typename T>
T __shfl_down_sync(unsigned, T value, unsigned by) {
  const int lane = fleetwright::emulator::lane_of_caller(), from = lane + static_cast<int>(by);
  return fleetwright::emulator::exchange(value, from > 31 ? lane : from);
}
inline unsigned __ballot_sync(unsigned, bool predicate) {
  return fleetwright::emulator::vote(predicate);
}
inline bool __any_sync(unsigned, bool predicate) { return __ballot_sync(0, predicate) != 0; }
inline bool __all_sync(unsigned, bool predicate) {
  return __ballot_sync(0, predicate) == 0xffffffffU;
}
inline unsigned __reduce_max_sync(unsigned, unsigned value) {
  for (int lanes = 16; lanes > 0; lanes /= 2) {
    value = std::max(value, __shfl_xor_sync(0xffffffffU, value, lanes));
  }
  return value;
}
template <typename T>
T atomicAdd(T* to, T value) {
  const T old = *to;
  *to = old + value;
  return old;
}
template <typename T>
T atomicMax(T* to, T value) {
  const T old = *to;
  *to = std::max(old, value);
  return old;
}
template <typename T>
T __ldg(const T* from) {
  return *from;
}
inline float __fadd_rn(float a, float b) { return a + b; }  // never fused into a product
inline float rsqrtf(float x) { return 1.0F / std::sqrt(x); }
inline float __expf(float x) { return std::exp(x); }
inline float __logf(float x) { return std::log(x); }
inline float __fdividef(float a, float b) { return a / b; }
inline int __popc(unsigned x) { return std::popcount(x); }
inline int __ffs(int x) { return x == 0 ? 0 : std::countr_zero(static_cast<unsigned>(x)) + 1; }
inline int __clz(int x) { return std::countl_zero(static_cast<unsigned>(x)); }
inline unsigned __float_as_uint(float x) { return std::bit_cast<unsigned>(x); }
inline float __uint_as_float(unsigned x) { return std::bit_cast<float>(x); }
inline int __float_as_int(float x) { return std::bit_cast<int>(x); }
using std::max;
using std::min;
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace fleetwright::gpu {

template <typename... P, typename... A>
void launch(void (*kernel)(P...), dim3 grid, dim3 block, CUstream_st*, A... arguments) {
  emulator::run(grid, block, [&] { kernel(static_cast<P>(arguments)...); });
}

}  // namespace fleetwright::gpu
