#pragma once

// The instructions of kernels/hopper/instructions.cuh and wgmma.cuh on the CPU. Include this first,
// then a .cu file of kernels/hopper. What runs by itself on the GPU is done at the worst moment
// that the order of threads allows: with `emulator::descending` boxes come and go as late as
// possible and products are computed when they are asked for, else boxes at once and products when
// they are waited for; with `emulator::shuffled` now this, now that. So a stage that is read before
// it is full, or filled before it has been read, gives a wrong result in one of them.
// std::logic_error where the hardware would hang or do anything: barriers without initialization or
// with too many arrivals, matrices that are not where their descriptor can say, writes that the
// accelerator may not see yet, blocks that end too early.

#include "tests/gpu/emulator.hpp"
//
#undef __grid_constant__
#define __grid_constant__  // NOLINT(bugprone-reserved-identifier)

#include "profiles/gpu/kernels/hopper/launch.cuh"
#include "profiles/gpu/kernels/hopper/matrix_descriptor.hpp"
#include "profiles/gpu/kernels/hopper/tensor_map.hpp"

namespace fleetwright::gpu::hopper {

using Shared = std::uint32_t;

char* dynamic_shared();
Shared shared_address(const void* pointer);
int thread_index();
float2 load_shared_pair(Shared from);

std::uint32_t cluster_rank();
std::uint32_t cluster_size();
void cluster_barrier();
void named_barrier(int id, int threads);
void named_barrier_arrive(int id, int threads);

void barrier_init(Shared barrier, std::uint32_t arrivals);
void barriers_are_initialized();
void barrier_expect(Shared barrier, std::uint32_t bytes);
void barrier_arrive(Shared barrier);
void barrier_arrive_at(Shared barrier, std::uint32_t rank);
void barrier_wait(Shared barrier, std::uint32_t parity);

void prefetch(const TensorMap& map);
void load_box(Shared to, const TensorMap& map, Shared barrier, int x, int y, int z);
inline void load_box(Shared to, const TensorMap& map, Shared barrier, int x, int y) {
  load_box(to, map, barrier, x, y, 0);
}
void load_box_to_all(Shared to, const TensorMap& map, Shared barrier, int x, int y,
                     std::uint16_t blocks);
void store_box(const TensorMap& map, Shared from, int x, int y, int z);
inline void store_box(const TensorMap& map, Shared from, int x, int y) {
  store_box(map, from, x, y, 0);
}
void add_box(const TensorMap& map, Shared from, int x, int y, int z);
void commit_boxes();
void wait_for_reads_of_boxes();
void wait_for_boxes();
void fence_for_async();

void store_shared(Shared to, float a, float b);
void store_shared(Shared to, std::uint32_t word);
void store_matrices(Shared row, std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d);

template <int Registers>
void give_registers() {
  static_assert(Registers % 8 == 0 && Registers >= 24 && Registers <= 256);
}
template <int Registers>
void take_registers() {
  give_registers<Registers>();
}

inline float exp2_approximately(float x) { return std::exp2(x); }

void products_begin();
void products_commit();
void products_wait_for(std::size_t pending);
template <int Pending>
void products_wait() {
  products_wait_for(Pending);
}
template <typename T, int Size>
void hold(T (&)[Size]) {}

/// What a thread of a warp-group has to do of a product.
struct ThreadProduct {
  float* d = nullptr;
  int n = 0;
  bool bytes = false;  // E4M3, else BF16
  std::uint64_t a = 0, b = 0;
  const std::uint32_t* a_registers = nullptr;  // instead of a
  Major a_major = Major::along_k, b_major = Major::along_k;
  bool accumulate = false;
};
void multiply(const ThreadProduct& product);

template <int N>
void multiply_e4m3(float (&d)[N / 2], std::uint64_t a, std::uint64_t b, bool accumulate) {
  multiply({d, N, true, a, b, nullptr, Major::along_k, Major::along_k, accumulate});
}
template <int N, Major A, Major B>
void multiply_bf16(float (&d)[N / 2], std::uint64_t a, std::uint64_t b, bool accumulate) {
  multiply({d, N, false, a, b, nullptr, A, B, accumulate});
}
template <int N, Major B>
void multiply_bf16(float (&d)[N / 2], const std::uint32_t (&a)[4], std::uint64_t b,
                   bool accumulate) {
  multiply({d, N, false, 0, b, a, Major::along_k, B, accumulate});
}

void run_emulated(const ClusterLaunch& shape, const std::function<void()>& kernel);

template <typename... P, typename... A>
void launch_clusters(void (*kernel)(P...), const ClusterLaunch& shape, Stream,
                     const A&... arguments) {
  run_emulated(shape, [&] { kernel(static_cast<P>(arguments)...); });
}

}  // namespace fleetwright::gpu::hopper
