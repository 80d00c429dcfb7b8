#pragma once

// The kernel of FP8 products. A block is persistent: one thread of its first warp-group asks the
// tensor memory accelerator for stages of a and b, the other warp-groups multiply them and add up
// what they get in FP32 after each 128 of k, with the scales, because the tensor cores of Hopper
// keep too few bits of a longer sum (arXiv 2412.19437, section 3.3.2). While one of two warp-groups
// scales, the other one has the tensor cores.

#include <iterator>
#include <utility>

#include "profiles/gpu/kernels/hopper/fp8_launch.hpp"
#include "profiles/gpu/kernels/hopper/fp8_tile.hpp"
#include "profiles/gpu/kernels/hopper/fragments.cuh"
#include "profiles/gpu/kernels/hopper/launch.cuh"
#include "profiles/gpu/kernels/hopper/ring.hpp"
#include "profiles/gpu/kernels/hopper/tile_schedule.hpp"

namespace fleetwright::gpu::hopper {

/// One thread loads what the multipliers of the block are going to ask for, and of what the blocks
/// of a cluster share its part for both.
template <Fp8Tile Shape>
__device__ __forceinline__ void load_tiles(Shared shared, const Fp8Maps& maps,
                                           const Fp8Arguments& x) {
  const auto blocks = static_cast<int>(cluster_size()), rank = static_cast<int>(cluster_rank());
  const int stages = x.stages, part = Shape.n / blocks;
  RingPlace place;
  TileCursor cursor(x.schedule, static_cast<int>(blockIdx.x) / blocks,
                    static_cast<int>(gridDim.x) / blocks);
  for (Tile tile; cursor.next(tile);) {
    const int row = tile.first_row + tile.row + rank * Shape.m;
    const int column = tile.column + (Shape.forward ? tile.group * x.schedule.n : 0);
    for (int block = tile.k_block; block < tile.k_block + tile.k_blocks; ++block) {
      const auto stage = static_cast<int>(place.stage);
      const Shared full = shared + Shape.full_at(stage, stages);
      barrier_wait(shared + Shape.empty_at(stage, stages), place.empty_parity());
      barrier_expect(full, Shape.stage_bytes());
      const int k = block * Shape.k;
      load_box(shared + Shape.a_at(stage), maps.a, full, k, row);
      const Shared b = shared + Shape.b_at(stage, stages);
      if (blocks == 1) {
        load_box(b, maps.b, full, k, column);
      } else {
        load_box_to_all(b + rank * part * Shape.k, maps.b, full, k, column + rank * part, 3);
      }
      load_box(shared + Shape.a_scales_at(stage, stages), maps.a_scales, full, row, block);
      if constexpr (!Shape.forward) {
        load_box(shared + Shape.b_scales_at(stage, stages), maps.b_scales, full, column, block);
      }
      place.advance(stages);
    }
  }
}

/// The scales of b that a tile needs of one group of k, where they are of 128x128: those of the
/// tile's first columns and, from `boundary` on, of the next 128. Read a group of k ahead.
template <Fp8Tile Shape>
class SquareScales {
 public:
  static constexpr bool one = scale_blocks_touched(Shape.n) == 1;
  static_assert(scale_blocks_touched(Shape.n) <= 2);

  __device__ SquareScales(const Fp8Arguments& x, const Tile& tile) {
    const int rows = scale_groups(x.schedule.n), row = tile.column / scale_group;
    const int pitch = scale_pitch(scale_groups(x.schedule.k));
    at_ = x.b_scales + (static_cast<std::size_t>(tile.group) * rows + row) * pitch;
    next_ = row + 1 < rows ? pitch : 0;
    boundary_ = scale_group - tile.column % scale_group;
    read();
  }
  __device__ void advance(bool more) {
    low = ahead_low_;
    high = ahead_high_;
    if (more) read();
  }
  __device__ float of(int column) const { return one || column < boundary_ ? low : high; }

  float low = 0, high = 0;

 private:
  __device__ void read() {
    ahead_low_ = __ldg(at_);
    if constexpr (!one) ahead_high_ = __ldg(at_ + next_);
    ++at_;
  }

  const float* at_;
  int next_, boundary_;
  float ahead_low_ = 0, ahead_high_ = 0;
};

/// 64 rows of a stage: a sum over its k on the tensor cores.
template <Fp8Tile Shape>
__device__ __forceinline__ void multiply_stage(Shared a, Shared b, float (&part)[Shape.n / 2]) {
  hold(part);
  products_begin();
  FLEETWRIGHT_UNROLL
  for (int k = 0; k < Shape.k; k += 32) {
    multiply_e4m3<Shape.n>(part, along_k(a, k), along_k(b, k), k > 0);
  }
  products_commit();
  hold(part);
}

__device__ __forceinline__ float shared_float(const char* memory, int at) {
  return *reinterpret_cast<const float*>(memory + at);
}

/// Multiplies the stages of a tile.
template <Fp8Tile Shape>
__device__ __forceinline__ void multiply_tile(char* memory, Shared shared, const Fp8Arguments& x,
                                              const Tile& tile, int group, RingPlace& place,
                                              float (&total)[Shape.waves()][Shape.n / 2]) {
  const Lane me;
  const int stages = x.stages;
  const auto blocks = static_cast<int>(cluster_size());
  [[maybe_unused]] SquareScales<Shape> squares(x, tile);
  FLEETWRIGHT_UNROLL
  for (auto& wave : total) {
    FLEETWRIGHT_UNROLL
    for (float& t : wave) t = 0;
  }
  for (int block = 0; block < tile.k_blocks; ++block) {
    const auto stage = static_cast<int>(place.stage);
    barrier_wait(shared + Shape.full_at(stage, stages), place.full_parity());
    if constexpr (Shape.forward) squares.advance(block + 1 < tile.k_blocks);
    FLEETWRIGHT_UNROLL
    for (int wave = 0; wave < Shape.waves(); ++wave) {
      const int strip = wave * Shape.consumers() + group;
      const int a_scales = Shape.a_scales_at(stage, stages) + (strip * 64 + me.row) * 4;
      const float upper = shared_float(memory, a_scales);
      const float lower = shared_float(memory, a_scales + 8 * 4);
      float part[Shape.n / 2];
      float2 columns[Shape.forward ? 1 : Shape.n / 8];
      if constexpr (!Shape.forward) {
        const int scales = Shape.b_scales_at(stage, stages) + me.column * 4;
        FLEETWRIGHT_UNROLL
        for (int j = 0; j < Shape.n / 8; ++j) {
          columns[j] = *reinterpret_cast<const float2*>(memory + scales + j * 32);
        }
      }
      multiply_stage<Shape>(shared + Shape.a_at(stage) + strip * 64 * Shape.k,
                            shared + Shape.b_at(stage, stages), part);
      products_wait<0>();
      hold(part);
      if (wave == Shape.waves() - 1 && me.lane < blocks) {
        // Every block of the cluster wrote to the stage, so each must know that it is free.
        const Shared empty = shared + Shape.empty_at(stage, stages);
        if (blocks == 1) {
          barrier_arrive(empty);
        } else {
          barrier_arrive_at(empty, static_cast<std::uint32_t>(me.lane));
        }
      }
      FLEETWRIGHT_UNROLL
      for (int j = 0; j < Shape.n / 8; ++j) {
        float* const to = total[wave] + 4 * j;
        const float* const from = part + 4 * j;
        if constexpr (Shape.forward) {
          const float scale = squares.of(8 * j);
          to[0] += upper * scale * from[0];
          to[1] += upper * scale * from[1];
          to[2] += lower * scale * from[2];
          to[3] += lower * scale * from[3];
        } else {
          to[0] += upper * (columns[j].x * from[0]);
          to[1] += upper * (columns[j].y * from[1]);
          to[2] += lower * (columns[j].x * from[2]);
          to[3] += lower * (columns[j].y * from[3]);
        }
      }
    }
    place.advance(stages);
  }
}

/// Puts 64 rows of results into the panels that the accelerator writes from.
template <Fp8Tile Shape>
__device__ __forceinline__ void stage_results(Shared strip, const float (&total)[Shape.n / 2]) {
  if constexpr (Shape.forward) {
    stage_bf16<Shape.n>(strip, Shape.panel_bytes(), total);
  } else {
    stage_fp32<Shape.n>(strip, Shape.panel_bytes(), total);
  }
}

/// Hands the results of a warp-group over: whole panels to the accelerator.
template <Fp8Tile Shape>
__device__ __forceinline__ void store_results(char* memory, Shared shared, const Fp8Maps& maps,
                                              const Fp8Arguments& x, const Tile& tile, int group,
                                              const float (&total)[Shape.waves()][Shape.n / 2]) {
  const Lane me;
  if (me.leader) wait_for_reads_of_boxes();  // of the tile before
  named_barrier(1 + group, warp_group);
  FLEETWRIGHT_UNROLL
  for (int wave = 0; wave < Shape.waves(); ++wave) {
    const int strip = wave * Shape.consumers() + group;
    stage_results<Shape>(shared + Shape.d_at(strip, x.stages), total[wave]);
  }
  fence_for_async();
  named_barrier(1 + group, warp_group);
  for (int wave = 0; wave < Shape.waves(); ++wave) {
    const int strip = wave * Shape.consumers() + group;
    const int row = tile.row + static_cast<int>(cluster_rank()) * Shape.m + strip * 64;
    const int rows = tile.rows - row;  // that are there
    if (rows <= 0) continue;
    const int from = Shape.d_at(strip, x.stages);
    if (Shape.forward && rows < 64 && x.schedule.grouping != Grouping::whole) {
      // The rows behind them in d are of another group.
      bf16* const to = x.d + static_cast<std::size_t>(tile.first_row + row) * x.schedule.n;
      copy_rows<Shape.n>(memory + from, Shape.panel_bytes(), to + tile.column,
                         static_cast<std::size_t>(x.schedule.n), rows, x.schedule.n - tile.column);
      continue;
    }
    if (!me.leader) continue;
    for (int panel = 0; panel < Shape.panels(); ++panel) {
      const int column = tile.column + panel * Shape.panel_columns();
      if (column >= x.schedule.n) break;
      const Shared at = shared + from + panel * Shape.panel_bytes();
      if constexpr (Shape.forward) {
        store_box(maps.d, at, column, tile.first_row + row);
      } else {
        add_box(maps.d, at, column, row, tile.group);
      }
    }
  }
  if (me.leader) commit_boxes();
}

// Of numbers, as nvcc cannot name a kernel after a structure.
template <int M, int N, bool Forward>
__global__ void __launch_bounds__(Fp8Tile{M, N, Forward}.threads(), 1)
    fp8_gemm_kernel(const __grid_constant__ Fp8Maps maps, const __grid_constant__ Fp8Arguments x) {
  constexpr Fp8Tile Shape{M, N, Forward};
  char* const memory = dynamic_shared();
  const Shared shared = shared_address(memory);
  const int group = static_cast<int>(threadIdx.x) / warp_group - 1;  // of the multipliers
  if (threadIdx.x == 0) {
    prefetch(maps.a);
    prefetch(maps.b);
    prefetch(maps.a_scales);
    if constexpr (!Shape.forward) prefetch(maps.b_scales);
    prefetch(maps.d);
    for (int stage = 0; stage < x.stages; ++stage) {
      barrier_init(shared + Shape.full_at(stage, x.stages), 1);
      barrier_init(shared + Shape.empty_at(stage, x.stages),
                   Shape.consumers() * (warp_group / warp_size) * cluster_size());
    }
    barriers_are_initialized();
  }
  cluster_barrier();
  if (group < 0) {
    if constexpr (Shape.consumers() == 2) give_registers<loader_registers>();
    if (threadIdx.x == 0) load_tiles<Shape>(shared, maps, x);
  } else {
    if constexpr (Shape.consumers() == 2) take_registers<multiplier_registers>();
    RingPlace place;
    const auto blocks = static_cast<int>(cluster_size());
    TileCursor cursor(x.schedule, static_cast<int>(blockIdx.x) / blocks,
                      static_cast<int>(gridDim.x) / blocks);
    for (Tile tile; cursor.next(tile);) {
      float total[Shape.waves()][Shape.n / 2];
      multiply_tile<Shape>(memory, shared, x, tile, group, place, total);
      store_results<Shape>(memory, shared, maps, x, tile, group, total);
    }
    if (Lane().leader) wait_for_reads_of_boxes();
  }
  cluster_barrier();  // other blocks may still arrive at barriers of this one
}

template <Fp8Tile Shape, bool Forward>
inline bool launched(const Fp8Launch& l, Stream stream) {
  if constexpr (Shape.forward != Forward) {
    return false;
  } else {
    if (l.tile_m != Shape.m || l.tile_n != Shape.n) return false;
    launch_clusters(fp8_gemm_kernel<Shape.m, Shape.n, Forward>,
                    {l.blocks, l.cluster, Shape.threads(), Shape.shared_bytes(l.arguments.stages)},
                    stream, l.maps, l.arguments);
    return true;
  }
}

template <bool Forward, std::size_t... Tile>
inline bool launched_one(const Fp8Launch& l, Stream stream, std::index_sequence<Tile...>) {
  return (launched<fp8_tiles[Tile], Forward>(l, stream) || ...);
}

/// Queues the kernel of the launch's tile; false if there is none.
template <bool Forward>
inline bool launch_fp8(const Fp8Launch& l, Stream stream) {
  return launched_one<Forward>(l, stream, std::make_index_sequence<std::size(fp8_tiles)>());
}

}  // namespace fleetwright::gpu::hopper
