#pragma once

// Transposes bytes through shared memory, 128 rows by `Columns` columns for a block. A thread hands
// in words of four consecutive rows of one column and gets sixteen rows of one column to store.

#include "profiles/gpu/kernels/device.cuh"

namespace fleetwright::gpu {

constexpr int byte_tile_rows = 128;
constexpr int byte_tile_threads = 256;

/// The words of a column are swizzled in units of 16 bytes by the lane that owns the column: eight
/// lanes each write one word of their own columns, four rows of lanes deep, to 32 different banks,
/// and eight lanes read the 128 bytes of one column.
template <int Columns, int ColumnsOfLane>
struct ByteTile {
  static_assert(Columns % ColumnsOfLane == 0);
  static constexpr int packs_of_column = byte_tile_rows / 16;
  Pack<std::uint32_t> packs[Columns * packs_of_column];

  __device__ static int place(int column, int pack) {
    return column * packs_of_column + (pack ^ column / ColumnsOfLane % packs_of_column);
  }
  /// `quad` counts fours of rows.
  __device__ void put(int column, int quad, std::uint32_t word) {
    packs[place(column, quad / 4)].at[quad % 4] = word;
  }

  /// Writes the tile at (first_row, first_column) of [rows, columns] to `to`, [columns, rows]. All
  /// threads must have put their words before a barrier.
  __device__ void store_transposed(fp8* to, int first_row, int first_column, int rows,
                                   int columns) const {
    for (int i = static_cast<int>(threadIdx.x); i < Columns * packs_of_column;
         i += byte_tile_threads) {
      const int column = first_column + i / packs_of_column;
      const int row = first_row + i % packs_of_column * 16;
      if (column >= columns || row >= rows) continue;
      const Pack<std::uint32_t>& pack = packs[place(i / packs_of_column, i % packs_of_column)];
      fp8* at = to + static_cast<std::size_t>(column) * rows + row;
      if (rows % 16 == 0) {
        store_pack(reinterpret_cast<std::uint32_t*>(at), pack);
      } else {
        for (int r = 0; r < 16 && row + r < rows; ++r) {
          at[r] = static_cast<fp8>(pack.at[r / 4] >> r % 4 * 8);
        }
      }
    }
  }
};

/// Byte i of the result is byte (selector >> 4i) & 7 of b:a.
__device__ inline std::uint32_t choose_bytes(std::uint32_t a, std::uint32_t b,
                                             std::uint32_t selector) {
#ifdef __CUDA_ARCH__
  return __byte_perm(a, b, selector);
#else
  const std::uint64_t from = std::uint64_t{b} << 32 | a;
  std::uint32_t bytes = 0;
  for (int i = 0; i < 4; ++i) {
    bytes |= static_cast<std::uint32_t>(from >> (selector >> 4 * i & 7) * 8 & 255) << 8 * i;
  }
  return bytes;
#endif
}

/// Four rows of four columns, a row in each word: a column in each word.
__device__ inline void transpose_4x4(std::uint32_t (&words)[4]) {
  const std::uint32_t low01 = choose_bytes(words[0], words[1], 0x5140);
  const std::uint32_t low23 = choose_bytes(words[2], words[3], 0x5140);
  const std::uint32_t high01 = choose_bytes(words[0], words[1], 0x7362);
  const std::uint32_t high23 = choose_bytes(words[2], words[3], 0x7362);
  words[0] = choose_bytes(low01, low23, 0x5410);
  words[1] = choose_bytes(low01, low23, 0x7632);
  words[2] = choose_bytes(high01, high23, 0x5410);
  words[3] = choose_bytes(high01, high23, 0x7632);
}

}  // namespace fleetwright::gpu
