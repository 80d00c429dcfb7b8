#pragma once

// How kernels that keep each row to itself cut [rows, columns] into blocks: eight rows, one for
// each warp, by `packs` times 256 columns. A lane moves eight elements of each 256, so that every
// warp reads and writes whole lines, with all its loads in flight before the first is used.

#include <string>

#include "models/core/error.hpp"
#include "profiles/gpu/kernels/scale_layout.hpp"
#include "profiles/gpu/kernels/scaled_fp8.cuh"

namespace fleetwright::gpu {

constexpr int tile_rows = 8;
constexpr int tile_threads = tile_rows * warp_size;
constexpr int columns_of_pack = warp_size * Pack<bf16>::size;
constexpr int groups_of_pack = columns_of_pack / scale_group;

/// Where this thread works. Lanes beyond the matrix compute with zeros and store nothing.
struct RowTile {
  int first_row;
  int first_column;
  int row;
  int column;  // of the lane's first pack; the next is columns_of_pack further
};

__device__ inline RowTile row_tile(int packs, int columns) {
  const int width = packs * columns_of_pack;
  const int tiles_across = (columns + width - 1) / width;
  const int tile = static_cast<int>(blockIdx.x), thread = static_cast<int>(threadIdx.x);
  RowTile t;
  t.first_row = tile / tiles_across * tile_rows;
  t.first_column = tile % tiles_across * width;
  t.row = t.first_row + thread / warp_size;
  t.column = t.first_column + thread % warp_size * Pack<bf16>::size;
  return t;
}

inline unsigned row_tiles(int packs, int rows, int columns) {
  return blocks_for(static_cast<std::size_t>(rows), tile_rows) *
         blocks_for(static_cast<std::size_t>(columns),
                    static_cast<std::size_t>(packs) * columns_of_pack);
}

/// The most packs of `most`, `most` / 2 ... 1 that leave at most an eighth more lanes idle at the
/// right edge than one would.
inline int packs_for(int columns, int most) {
  const auto covered = [&](int packs) {
    const int width = packs * columns_of_pack;
    return (columns + width - 1) / width * width;
  };
  int packs = most;
  while (covered(packs) * 8LL > covered(1) * 9LL) packs /= 2;
  return packs;
}

/// Throws Error unless every row begins at a multiple of 16 bytes, in FP8 too.
inline void require_shape(int rows, int columns) {
  if (rows < 1 || columns < 1 || columns % 16 != 0) {
    throw Error("a matrix needs a row and columns that are a multiple of 16, not " +
                std::to_string(rows) + " x " + std::to_string(columns));
  }
}

/// Scales of 1x128 groups are found in shared memory, so that those of eight rows, which are
/// neighbours in memory, leave in one piece. All threads must call it.
template <int Packs>
struct RowScales {
  float amax[Packs * groups_of_pack][tile_rows];

  __device__ void put(int pack, float largest) {
    const int thread = static_cast<int>(threadIdx.x);
    if (thread % 16 != 0) return;
    amax[pack * groups_of_pack + thread / 16 % groups_of_pack][thread / warp_size] = largest;
  }

  __device__ void store(float* scales, const RowTile& tile, int rows, int columns) {
    __syncthreads();
    const int thread = static_cast<int>(threadIdx.x);
    if (thread >= Packs * groups_of_pack * tile_rows) return;
    const int row = tile.first_row + thread % tile_rows;
    const int group = tile.first_column / scale_group + thread / tile_rows;
    const int pitch = scale_pitch(rows);
    if (row >= pitch || group >= scale_groups(columns)) return;
    scales[static_cast<std::size_t>(group) * pitch + row] =
        row < rows ? scale_of(amax[thread / tile_rows][thread % tile_rows]) : 0.0F;
  }
};

}  // namespace fleetwright::gpu
