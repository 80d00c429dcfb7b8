#pragma once

// What a warp-group's registers hold of a product, and how results leave them.

#include "profiles/gpu/kernels/device.cuh"
#include "profiles/gpu/kernels/hopper/instructions.cuh"
#include "profiles/gpu/kernels/hopper/swizzle.hpp"
#include "profiles/gpu/kernels/hopper/wgmma.cuh"

namespace fleetwright::gpu::hopper {

constexpr int warp_group = 128;
// 64 K registers over the warp-groups: 40 to the loader and 232 to each of two others.
constexpr int loader_registers = 40;
constexpr int multiplier_registers = 232;

constexpr float log2_e = 1.4426950408889634F, ln_2 = 0.6931471805599453F;

/// A warp has read what the barrier guards.
__device__ __forceinline__ void release(Shared barrier) {
  if (threadIdx.x % warp_size == 0) barrier_arrive(barrier);
}

/// Where a thread's part of a product lies (wgmma.cuh).
struct Lane {
  int leader;  // of the warp-group's threads
  int warp;    // of the warp-group
  int lane;
  int row;     // upper row of 64
  int column;  // first of each 8

  __device__ Lane() : Lane(thread_index()) {}

 private:
  __device__ explicit Lane(int thread)
      : leader(thread % warp_group == 0),
        warp(thread % warp_group / warp_size),
        lane(thread % warp_size),
        row(16 * warp + lane / 4),
        column(2 * (lane % 4)) {}
};

__device__ __forceinline__ std::uint32_t pair_bits(float low, float high) {
  const __nv_bfloat162 pair = __floats2bfloat162_rn(low, high);
  std::uint32_t bits;
  memcpy(&bits, &pair, sizeof(bits));
  return bits;
}

/// A product, rounded, as the operand in registers of another (wgmma.cuh).
template <int Size>
__device__ __forceinline__ void round_weights(const float (&product)[Size],
                                              std::uint32_t (&weights)[Size / 8][4]) {
  FLEETWRIGHT_UNROLL
  for (int i = 0; i < Size; i += 2) {
    weights[i / 8][i / 2 % 4] = pair_bits(product[i], product[i + 1]);
  }
}

__device__ __forceinline__ float2 pair_of(std::uint32_t bits) {
  return {__uint_as_float(bits << 16), __uint_as_float(bits & 0xffff0000U)};
}

/// Where a lane puts a row of the matrices of 16 columns, from `column` on, of 64 rows of results:
/// in panels as wide as the widest swizzle that divides the rows, one after another every
/// `panel_bytes`.
template <int Columns>
__device__ __forceinline__ Shared matrix_row(Shared strip, int panel_bytes, int column) {
  constexpr int span = swizzle_span(Columns * 2), panel_columns = span / 2;
  const Lane me;
  const int row = 16 * me.warp + me.lane % 16, chunk = me.lane / 16;
  const int in_panel = column % panel_columns / 8 + chunk;
  return strip + column / panel_columns * panel_bytes +
         swizzled<span>(static_cast<std::uint32_t>(row * span + in_panel * 16));
}

/// Rounds 64 rows of results into panels that the accelerator writes from.
template <int Columns>
__device__ __forceinline__ void stage_bf16(Shared strip, int panel_bytes,
                                           const float (&total)[Columns / 2]) {
  FLEETWRIGHT_UNROLL
  for (int column = 0; column < Columns; column += 16) {
    const float* const from = total + column / 2;
    store_matrices(matrix_row<Columns>(strip, panel_bytes, column), pair_bits(from[0], from[1]),
                   pair_bits(from[2], from[3]), pair_bits(from[4], from[5]),
                   pair_bits(from[6], from[7]));
  }
}

/// The same without rounding, four bytes a number.
template <int Columns>
__device__ __forceinline__ void stage_fp32(Shared strip, int panel_bytes,
                                           const float (&total)[Columns / 2]) {
  constexpr int span = swizzle_span(Columns * 4), panel_columns = span / 4;
  const Lane me;
  FLEETWRIGHT_UNROLL
  for (int j = 0; j < Columns / 8; ++j) {
    const int column = 8 * j + me.column;
    const Shared panel = strip + column / panel_columns * panel_bytes;
    const int at = me.row * span + column % panel_columns * 4;
    store_shared(panel + swizzled<span>(static_cast<std::uint32_t>(at)), total[4 * j],
                 total[4 * j + 1]);
    store_shared(panel + swizzled<span>(static_cast<std::uint32_t>(at + 8 * span)),
                 total[4 * j + 2], total[4 * j + 3]);
  }
}

/// The first `rows` rows and `columns` columns of such panels, by the threads of a warp-group.
template <int Columns>
__device__ __forceinline__ void copy_rows(const char* strip, int panel_bytes, bf16* to,
                                          std::size_t pitch, int rows, int columns) {
  constexpr int chunks = Columns / 8, span = swizzle_span(Columns * 2), panel_columns = span / 2;
  for (int i = static_cast<int>(threadIdx.x) % warp_group; i < rows * chunks; i += warp_group) {
    const int row = i / chunks, column = i % chunks * 8;
    if (column >= columns) continue;
    const int at = row * span + column % panel_columns * 2;
    const char* const from = strip + column / panel_columns * panel_bytes +
                             swizzled<span>(static_cast<std::uint32_t>(at));
    store_pack(to + static_cast<std::size_t>(row) * pitch + column,
               load_pack(reinterpret_cast<const bf16*>(from)));
  }
}

}  // namespace fleetwright::gpu::hopper
