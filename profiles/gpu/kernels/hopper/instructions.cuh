#pragma once

// The instructions of sm_90a that the kernels of this folder are made of, one function each. The
// emulator of tests/gpu supplies functions of the same names instead.

#include <cstdint>

#include "profiles/gpu/kernels/hopper/tensor_map.hpp"

#ifdef __CUDACC__

namespace fleetwright::gpu::hopper {

/// An address in the shared memory of the block.
using Shared = std::uint32_t;

/// The block's dynamic shared memory, from its first multiple of 1,024.
__device__ __forceinline__ char* dynamic_shared() {
  extern __shared__ char memory[];
  const auto address = static_cast<Shared>(__cvta_generic_to_shared(memory));
  return memory + ((1024 - address % 1024) % 1024);
}
__device__ __forceinline__ Shared shared_address(const void* pointer) {
  return static_cast<Shared>(__cvta_generic_to_shared(pointer));
}

/// threadIdx.x, read anew wherever it is asked for: what is computed from it need not be kept in
/// registers throughout a loop.
__device__ __forceinline__ int thread_index() {
  int thread;
  asm volatile("mov.u32 %0, %%tid.x;" : "=r"(thread));
  return thread;
}
__device__ __forceinline__ float2 load_shared_pair(Shared from) {
  float2 pair;
  asm volatile("ld.shared.v2.f32 {%0, %1}, [%2];"
               : "=f"(pair.x), "=f"(pair.y)
               : "r"(from)
               : "memory");
  return pair;
}

// Blocks of a cluster.
__device__ __forceinline__ std::uint32_t cluster_rank() {
  std::uint32_t rank;
  asm volatile("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
  return rank;
}
__device__ __forceinline__ std::uint32_t cluster_size() {
  std::uint32_t size;
  asm volatile("mov.u32 %0, %%cluster_nctarank;" : "=r"(size));
  return size;
}
/// All threads of the cluster that have not ended.
__device__ __forceinline__ void cluster_barrier() {
  asm volatile("barrier.cluster.arrive.release;\nbarrier.cluster.wait.acquire;" ::: "memory");
}
/// Some warps of the block, under a number from 1 to 15.
__device__ __forceinline__ void named_barrier(int id, int threads) {
  asm volatile("bar.sync %0, %1;" ::"r"(id), "r"(threads) : "memory");
}
__device__ __forceinline__ void named_barrier_arrive(int id, int threads) {
  asm volatile("bar.arrive %0, %1;" ::"r"(id), "r"(threads) : "memory");
}

// Barriers in shared memory that count arrivals and bytes.
__device__ __forceinline__ void barrier_init(Shared barrier, std::uint32_t arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(barrier), "r"(arrivals) : "memory");
}
/// Makes the barriers known to the cluster and to the accelerator; a block barrier must follow.
__device__ __forceinline__ void barriers_are_initialized() {
  asm volatile("fence.mbarrier_init.release.cluster;\nfence.proxy.async.shared::cta;" ::: "memory");
}
/// Arrives, and lets the barrier wait for so many bytes as well.
__device__ __forceinline__ void barrier_expect(Shared barrier, std::uint32_t bytes) {
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(barrier), "r"(bytes)
               : "memory");
}
__device__ __forceinline__ void barrier_arrive(Shared barrier) {
  asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(barrier) : "memory");
}
/// At the barrier of the same address of another block of the cluster.
__device__ __forceinline__ void barrier_arrive_at(Shared barrier, std::uint32_t rank) {
  asm volatile(
      "{\n.reg .b32 remote;\nmapa.shared::cluster.u32 remote, %0, %1;\n"
      "mbarrier.arrive.shared::cluster.b64 _, [remote];\n}" ::"r"(barrier),
      "r"(rank)
      : "memory");
}
/// Until the phase of this parity is complete.
__device__ __forceinline__ void barrier_wait(Shared barrier, std::uint32_t parity) {
  asm volatile(
      "{\n.reg .pred done;\nAGAIN:\nmbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1;\n"
      "@done bra END;\nbra AGAIN;\nEND:\n}" ::"r"(barrier),
      "r"(parity)
      : "memory");
}

// Boxes by the tensor memory accelerator. One thread asks.
__device__ __forceinline__ void prefetch(const TensorMap& map) {
  asm volatile("prefetch.tensormap [%0];" ::"l"(&map) : "memory");
}
__device__ __forceinline__ void load_box(Shared to, const TensorMap& map, Shared barrier, int x,
                                         int y) {
  asm volatile(
      "cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], "
      "[%1, {%3, %4}], [%2];" ::"r"(to),
      "l"(&map), "r"(barrier), "r"(x), "r"(y)
      : "memory");
}
__device__ __forceinline__ void load_box(Shared to, const TensorMap& map, Shared barrier, int x,
                                         int y, int z) {
  asm volatile(
      "cp.async.bulk.tensor.3d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], "
      "[%1, {%3, %4, %5}], [%2];" ::"r"(to),
      "l"(&map), "r"(barrier), "r"(x), "r"(y), "r"(z)
      : "memory");
}
/// Into the same place of each block of the cluster whose bit is set, whose barriers count it.
__device__ __forceinline__ void load_box_to_all(Shared to, const TensorMap& map, Shared barrier,
                                                int x, int y, std::uint16_t blocks) {
  asm volatile(
      "cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes."
      "multicast::cluster [%0], [%1, {%4, %5}], [%2], %3;" ::"r"(to),
      "l"(&map), "r"(barrier), "h"(blocks), "r"(x), "r"(y)
      : "memory");
}
__device__ __forceinline__ void store_box(const TensorMap& map, Shared from, int x, int y) {
  asm volatile(
      "cp.async.bulk.tensor.2d.global.shared::cta.bulk_group [%0, {%2, %3}], [%1];" ::"l"(&map),
      "r"(from), "r"(x), "r"(y)
      : "memory");
}
__device__ __forceinline__ void store_box(const TensorMap& map, Shared from, int x, int y, int z) {
  asm volatile(
      "cp.async.bulk.tensor.3d.global.shared::cta.bulk_group [%0, {%2, %3, %4}], [%1];" ::"l"(&map),
      "r"(from), "r"(x), "r"(y), "r"(z)
      : "memory");
}
__device__ __forceinline__ void add_box(const TensorMap& map, Shared from, int x, int y, int z) {
  asm volatile(
      "cp.reduce.async.bulk.tensor.3d.global.shared::cta.add.bulk_group [%0, {%2, %3, %4}], "
      "[%1];" ::"l"(&map),
      "r"(from), "r"(x), "r"(y), "r"(z)
      : "memory");
}
__device__ __forceinline__ void commit_boxes() {
  asm volatile("cp.async.bulk.commit_group;" ::: "memory");
}
/// Until what this thread stored has been read from shared memory.
__device__ __forceinline__ void wait_for_reads_of_boxes() {
  asm volatile("cp.async.bulk.wait_group.read 0;" ::: "memory");
}
/// Until what this thread stored is in device memory.
__device__ __forceinline__ void wait_for_boxes() {
  asm volatile("cp.async.bulk.wait_group 0;" ::: "memory");
}
/// Between this thread's writes to shared memory and what the accelerator or wgmma reads of them.
__device__ __forceinline__ void fence_for_async() {
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
}

// Writes to shared memory.
__device__ __forceinline__ void store_shared(Shared to, float a, float b) {
  asm volatile("st.shared.v2.f32 [%0], {%1, %2};" ::"r"(to), "f"(a), "f"(b) : "memory");
}
__device__ __forceinline__ void store_shared(Shared to, std::uint32_t word) {
  asm volatile("st.shared.u32 [%0], %1;" ::"r"(to), "r"(word) : "memory");
}
/// Four 8 x 8 matrices of 16-bit numbers: lane l gives the address of row l % 8 of matrix l / 8,
/// and holds of each matrix the numbers 2 (l % 4) and the next of row l / 4.
__device__ __forceinline__ void store_matrices(Shared row, std::uint32_t a, std::uint32_t b,
                                               std::uint32_t c, std::uint32_t d) {
  asm volatile("stmatrix.sync.aligned.m8n8.x4.shared.b16 [%0], {%1, %2, %3, %4};" ::"r"(row),
               "r"(a), "r"(b), "r"(c), "r"(d)
               : "memory");
}

// Registers move between warp-groups.
template <int Registers>
__device__ __forceinline__ void give_registers() {
  asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(Registers));
}
template <int Registers>
__device__ __forceinline__ void take_registers() {
  asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(Registers));
}

__device__ __forceinline__ float exp2_approximately(float x) {
  float y;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
  return y;
}

// Products of a warp-group, which run on while it does other things.
__device__ __forceinline__ void products_begin() {
  asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}
__device__ __forceinline__ void products_commit() {
  asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}
/// Until at most `Pending` committed groups still run.
template <int Pending>
__device__ __forceinline__ void products_wait() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(Pending) : "memory");
}
/// Keeps the compiler from moving what it does with registers that a product writes or reads.
template <int Size>
__device__ __forceinline__ void hold(float (&registers)[Size]) {
  FLEETWRIGHT_UNROLL
  for (int i = 0; i < Size; ++i) asm volatile("" : "+f"(registers[i])::"memory");
}
template <int Size>
__device__ __forceinline__ void hold(std::uint32_t (&registers)[Size]) {
  FLEETWRIGHT_UNROLL
  for (int i = 0; i < Size; ++i) asm volatile("" : "+r"(registers[i])::"memory");
}

}  // namespace fleetwright::gpu::hopper

#endif
