#include "profiles/gpu/kernels/byte_tile.cuh"
#include "profiles/gpu/kernels/quantize.hpp"
#include "profiles/gpu/kernels/row_tile.cuh"

namespace fleetwright::gpu {
namespace {

template <int Packs>
__global__ void __launch_bounds__(tile_threads, 6)
    quantize_rows_kernel(const bf16* __restrict__ x, fp8* __restrict__ codes,
                         float* __restrict__ scales, int rows, int columns) {
  __shared__ RowScales<Packs> staged;
  const RowTile tile = row_tile(Packs, columns);
  const std::size_t row_begin = static_cast<std::size_t>(tile.row) * columns;
  Pairs packs[Packs];
  for (int p = 0; p < Packs; ++p) {
    const int column = tile.column + p * columns_of_pack;
    packs[p] = tile.row < rows && column < columns ? load_pairs(x + row_begin + column) : Pairs{};
  }
  for (int p = 0; p < Packs; ++p) {
    const int column = tile.column + p * columns_of_pack;
    const float amax = half_warp_max(largest_magnitude(packs[p]));
    if (tile.row < rows && column < columns) {
      store_codes(codes + row_begin + column,
                  to_codes(to_floats(packs[p]), reciprocal_scale_of(amax)));
    }
    staged.put(p, amax);
  }
  staged.store(scales, tile, rows, columns);
}

/// Where a thread of a transposing block works: four consecutive rows of eight columns, of each 64.
struct ColumnTile {
  int first_row;
  int first_column;
  int lane;  // which eight columns of 64
  int quad;  // which four rows of 128
};

constexpr int columns_of_lanes = 64;

__device__ inline ColumnTile column_tile(int width, int columns) {
  const int tiles_across = (columns + width - 1) / width;
  const int tile = static_cast<int>(blockIdx.x), thread = static_cast<int>(threadIdx.x);
  return {tile / tiles_across * byte_tile_rows, tile % tiles_across * width, thread % 8,
          thread / 8};
}

unsigned column_tiles(int width, int rows, int columns) {
  return blocks_for(static_cast<std::size_t>(rows), byte_tile_rows) *
         blocks_for(static_cast<std::size_t>(columns), static_cast<std::size_t>(width));
}

// The thread's four rows from `column` on; zeros beyond the matrix.
__device__ inline void load_four_rows(Pairs (&packs)[4], const bf16* x, int row, int column,
                                      int rows, int columns) {
  for (int i = 0; i < 4; ++i) {
    packs[i] = row + i < rows && column < columns
                   ? load_pairs(x + static_cast<std::size_t>(row + i) * columns + column)
                   : Pairs{};
  }
}

__global__ void __launch_bounds__(byte_tile_threads, 6)
    quantize_columns_kernel(const bf16* __restrict__ x, fp8* __restrict__ codes,
                            float* __restrict__ scales, int rows, int columns) {
  constexpr int warps = byte_tile_threads / warp_size;
  __shared__ ByteTile<columns_of_lanes, 8> transposed;
  __shared__ Pairs part[warps][columns_of_lanes / 8];
  __shared__ Pack<float> reciprocal[columns_of_lanes / 4];
  const ColumnTile tile = column_tile(columns_of_lanes, columns);
  const int thread = static_cast<int>(threadIdx.x);
  Pairs packs[4];
  load_four_rows(packs, x, tile.first_row + 4 * tile.quad, tile.first_column + 8 * tile.lane, rows,
                 columns);

  // The largest of each column: over the thread's rows, the warp's (lanes eight apart hold the same
  // columns), the block's.
  Pairs amax{};
  for (const Pairs& pack : packs) {
    for (int j = 0; j < 4; ++j) amax.at[j] = __hmax2(amax.at[j], __habs2(pack.at[j]));
  }
  for (int lanes = 8; lanes < warp_size; lanes *= 2) {
    for (__nv_bfloat162& m : amax.at) m = __hmax2(m, pair_of_lane(m, lanes));
  }
  if (thread % warp_size < 8) part[thread / warp_size][tile.lane] = amax;
  __syncthreads();
  if (thread < columns_of_lanes) {
    float largest = 0;
    for (int w = 0; w < warps; ++w) {
      const __nv_bfloat162 two = part[w][thread / 8].at[thread % 8 / 2];
      largest = fmaxf(largest, thread % 2 == 0 ? __low2float(two) : __high2float(two));
    }
    reciprocal[thread / 4].at[thread % 4] = reciprocal_scale_of(largest);
    const int column = tile.first_column + thread;
    if (column < columns) {
      scales[static_cast<std::size_t>(tile.first_row / scale_group) * columns + column] =
          scale_of(largest);
    }
  }
  __syncthreads();

  Floats values[4];
  for (int i = 0; i < 4; ++i) values[i] = to_floats(packs[i]);
  for (int j = 0; j < 8; ++j) {
    const float r = reciprocal[2 * tile.lane + j / 4].at[j % 4];
    transposed.put(8 * tile.lane + j, tile.quad,
                   fp8_word(values[0].at[j] * r, values[1].at[j] * r, values[2].at[j] * r,
                            values[3].at[j] * r));
  }
  __syncthreads();
  transposed.store_transposed(codes, tile.first_row, tile.first_column, rows, columns);
}

// The scale of block (i, j) of the matrix, and what pads the row of scales if this block ends it.
__device__ inline void store_square_scale(float* scales, float scale, int i, int j, int across) {
  const int pitch = scale_pitch(across);
  scales[static_cast<std::size_t>(i) * pitch + j] = scale;
  for (int pad = across; j == across - 1 && pad < pitch; ++pad) {
    scales[static_cast<std::size_t>(i) * pitch + pad] = 0;
  }
}

/// Receives the codes of a block of 128x128 column by column, where they are wanted so.
template <bool Transpose>
using SquareTile = ByteTile<Transpose ? scale_group : columns_of_lanes, 8>;

// Four rows of eight columns, `column_of_tile` from the block's left edge.
template <bool Transpose>
__device__ inline void store_four_rows(const Pairs (&packs)[4], float reciprocal, fp8* codes,
                                       SquareTile<Transpose>& transposed, const ColumnTile& tile,
                                       int column_of_tile, int rows, int columns) {
  const int row = tile.first_row + 4 * tile.quad, column = tile.first_column + column_of_tile;
  std::uint32_t words[2][4];
  for (int i = 0; i < 4; ++i) {
    const CodeWords four_and_four = to_codes(to_floats(packs[i]), reciprocal);
    if (row + i < rows && column < columns) {
      store_codes(codes + static_cast<std::size_t>(row + i) * columns + column, four_and_four);
    }
    words[0][i] = four_and_four.at[0];
    words[1][i] = four_and_four.at[1];
  }
  if constexpr (Transpose) {
    for (int w = 0; w < 2; ++w) {
      transpose_4x4(words[w]);
      for (int j = 0; j < 4; ++j) {
        transposed.put(column_of_tile + 4 * w + j, tile.quad, words[w][j]);
      }
    }
  }
}

template <bool Transpose>
__global__ void __launch_bounds__(byte_tile_threads, 2)
    quantize_squares_kernel(const bf16* __restrict__ x, fp8* __restrict__ codes,
                            float* __restrict__ scales, fp8* __restrict__ transposed_codes,
                            float* __restrict__ transposed_scales, int rows, int columns) {
  __shared__ SquareTile<Transpose> transposed;
  const ColumnTile tile = column_tile(scale_group, columns);
  const int row = tile.first_row + 4 * tile.quad;
  const int left = 8 * tile.lane, right = columns_of_lanes + left;
  Pairs packs[2][4];
  load_four_rows(packs[0], x, row, tile.first_column + left, rows, columns);
  load_four_rows(packs[1], x, row, tile.first_column + right, rows, columns);
  float amax = 0;
  for (const auto& half : packs) {
    for (const Pairs& pack : half) amax = fmaxf(amax, largest_magnitude(pack));
  }
  amax = block_max<byte_tile_threads>(amax);
  if (threadIdx.x == 0) {
    const int i = tile.first_row / scale_group, j = tile.first_column / scale_group;
    store_square_scale(scales, scale_of(amax), i, j, scale_groups(columns));
    if (Transpose) {
      store_square_scale(transposed_scales, scale_of(amax), j, i, scale_groups(rows));
    }
  }
  const float reciprocal = reciprocal_scale_of(amax);
  store_four_rows<Transpose>(packs[0], reciprocal, codes, transposed, tile, left, rows, columns);
  store_four_rows<Transpose>(packs[1], reciprocal, codes, transposed, tile, right, rows, columns);
  if (Transpose) {
    __syncthreads();
    transposed.store_transposed(transposed_codes, tile.first_row, tile.first_column, rows, columns);
  }
}

}  // namespace

void quantize_1x128(const bf16* x, fp8* codes, float* scales, int rows, int columns,
                    Stream stream) {
  require_shape(rows, columns);
  const int packs = packs_for(columns, 4);
  const auto kernel = packs == 4   ? quantize_rows_kernel<4>
                      : packs == 2 ? quantize_rows_kernel<2>
                                   : quantize_rows_kernel<1>;
  launch(kernel, row_tiles(packs, rows, columns), tile_threads, stream, x, codes, scales, rows,
         columns);
}

void quantize_transpose_1x128(const bf16* x, fp8* codes, float* scales, int rows, int columns,
                              Stream stream) {
  require_shape(rows, columns);
  launch(quantize_columns_kernel, column_tiles(columns_of_lanes, rows, columns), byte_tile_threads,
         stream, x, codes, scales, rows, columns);
}

void quantize_128x128(const bf16* x, fp8* codes, float* scales, int rows, int columns,
                      Stream stream) {
  require_shape(rows, columns);
  launch(quantize_squares_kernel<false>, column_tiles(scale_group, rows, columns),
         byte_tile_threads, stream, x, codes, scales, nullptr, nullptr, rows, columns);
}

void quantize_transpose_128x128(const bf16* x, fp8* codes, float* scales, fp8* transposed_codes,
                                float* transposed_scales, int rows, int columns, Stream stream) {
  require_shape(rows, columns);
  launch(quantize_squares_kernel<true>, column_tiles(scale_group, rows, columns), byte_tile_threads,
         stream, x, codes, scales, transposed_codes, transposed_scales, rows, columns);
}

}  // namespace fleetwright::gpu
