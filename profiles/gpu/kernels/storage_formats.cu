#include "profiles/gpu/kernels/byte_tile.cuh"
#include "profiles/gpu/kernels/row_tile.cuh"
#include "profiles/gpu/kernels/storage_formats.hpp"

namespace fleetwright::gpu {
namespace {

__device__ inline void halves_of(std::uint32_t word, float* at) {
  for (int i = 0; i < 2; ++i) {
    const __half2 two = __half2(__nv_cvt_fp8x2_to_halfraw2(
        static_cast<__nv_fp8x2_storage_t>(word >> 16 * i & 0xffff), __NV_E4M3));
    at[2 * i] = __low2float(two);
    at[2 * i + 1] = __high2float(two);
  }
}

template <int Packs>
__global__ void __launch_bounds__(tile_threads)
    dequantize_rows_kernel(const fp8* __restrict__ codes, const float* __restrict__ scales,
                           bf16* __restrict__ x, int rows, int columns) {
  const RowTile tile = row_tile(Packs, columns);
  const std::size_t row_begin = static_cast<std::size_t>(tile.row) * columns;
  const std::size_t pitch = static_cast<std::size_t>(scale_pitch(rows));
  CodeWords packs[Packs] = {};
  float scale[Packs] = {};
  for (int p = 0; p < Packs; ++p) {
    const int column = tile.column + p * columns_of_pack;
    if (tile.row < rows && column < columns) {
      packs[p] = *reinterpret_cast<const CodeWords*>(codes + row_begin + column);
      scale[p] = scales[static_cast<std::size_t>(column / scale_group) * pitch + tile.row];
    }
  }
  for (int p = 0; p < Packs; ++p) {
    const int column = tile.column + p * columns_of_pack;
    if (tile.row >= rows || column >= columns) continue;
    Floats values;
    for (int w = 0; w < 2; ++w) halves_of(packs[p].at[w], values.at + 4 * w);
    for (float& v : values.at) v *= scale[p];
    store_pairs(x + row_begin + column, to_pairs(values));
  }
}

// E5M6 is FP32 with a bias of 15 for 127 and fewer bits: times 2^-112 its subnormals become FP32's
// (so FP32 must not be flushed to zero), and rounding at bit 17 is right for both.
constexpr int dropped_bits = 17;
constexpr std::uint32_t largest_12bit = 0x7ff;

__device__ inline std::uint32_t to_12bit(float x) {
  const std::uint32_t bits = __float_as_uint(fabsf(x) * 0x1p-112F);
  const std::uint32_t even = bits >> dropped_bits & 1;
  const std::uint32_t rounded = (bits + 0xffff + even) >> dropped_bits;
  return min(rounded, largest_12bit) | (__float_as_uint(x) >> 20 & 0x800);
}

__device__ inline float from_12bit(std::uint32_t code) {
  const float magnitude = __uint_as_float((code & largest_12bit) << dropped_bits) * 0x1p112F;
  return (code & 0x800) != 0 ? -magnitude : magnitude;
}

/// Eight numbers of twelve bits.
struct TwelveBytes {
  std::uint32_t at[3];
};

__device__ inline TwelveBytes pack_12bit(const Floats& x) {
  std::uint32_t c[8];
  for (int i = 0; i < 8; ++i) c[i] = to_12bit(x.at[i]);
  return {{c[0] | c[1] << 12 | c[2] << 24, c[2] >> 8 | c[3] << 4 | c[4] << 16 | c[5] << 28,
           c[5] >> 4 | c[6] << 8 | c[7] << 20}};
}

__device__ inline Floats unpack_12bit(const TwelveBytes& w) {
  const std::uint32_t c[8] = {w.at[0],      w.at[0] >> 12, w.at[0] >> 24 | w.at[1] << 8,
                              w.at[1] >> 4, w.at[1] >> 16, w.at[1] >> 28 | w.at[2] << 4,
                              w.at[2] >> 8, w.at[2] >> 20};
  Floats x;
  for (int i = 0; i < 8; ++i) x.at[i] = from_12bit(c[i]);
  return x;
}

// A warp moves 1,024 elements: four packs of BF16 a lane, three of twelve bits, which go through
// shared memory so that both sides are read and written in lines.
constexpr int packs_12bit = 4;
constexpr int elements_of_warp = packs_12bit * columns_of_pack;
constexpr int words_of_warp = elements_of_warp * 3 / 8;
constexpr int wide_packs = words_of_warp / 4 / warp_size;
constexpr int warps_12bit = tile_threads / warp_size;

/// A warp's share of the stream: where it begins and how much of it there is.
struct StreamPart {
  std::size_t element;
  int elements;
  int words;
};

__device__ inline StreamPart stream_part(std::size_t size) {
  StreamPart part;
  part.element = (static_cast<std::size_t>(blockIdx.x) * warps_12bit + threadIdx.x / warp_size) *
                 elements_of_warp;
  const std::size_t left = part.element < size ? size - part.element : 0;
  part.elements = left < elements_of_warp ? static_cast<int>(left) : elements_of_warp;
  part.words = part.elements / 8 * 3;
  return part;
}

__global__ void __launch_bounds__(tile_threads)
    quantize_12bit_kernel(const bf16* __restrict__ x, std::uint32_t* __restrict__ words,
                          std::size_t size) {
  __shared__ Pack<std::uint32_t> staged[warps_12bit][words_of_warp / 4];
  const int lane = static_cast<int>(threadIdx.x) % warp_size;
  const StreamPart part = stream_part(size);
  Pack<std::uint32_t>* packs = staged[threadIdx.x / warp_size];
  Pairs values[packs_12bit];
  for (int p = 0; p < packs_12bit; ++p) {
    const int at = p * columns_of_pack + lane * 8;
    values[p] = at < part.elements ? load_pairs(x + part.element + at) : Pairs{};
  }
  for (int p = 0; p < packs_12bit; ++p) {
    const TwelveBytes narrow = pack_12bit(to_floats(values[p]));
    for (int i = 0; i < 3; ++i) {  // three words apart, lanes meet different banks
      const int word = (p * warp_size + lane) * 3 + i;
      packs[word / 4].at[word % 4] = narrow.at[i];
    }
  }
  __syncwarp();
  std::uint32_t* to = words + part.element / 8 * 3;
  for (int p = 0; p < wide_packs; ++p) {
    const int pack = p * warp_size + lane;
    if (4 * pack + 4 <= part.words) {
      store_pack(to + 4 * pack, packs[pack]);
    } else {
      for (int i = 0; i < 4 && 4 * pack + i < part.words; ++i) to[4 * pack + i] = packs[pack].at[i];
    }
  }
}

__global__ void __launch_bounds__(tile_threads)
    dequantize_12bit_kernel(const std::uint32_t* __restrict__ words, bf16* __restrict__ x,
                            std::size_t size) {
  __shared__ Pack<std::uint32_t> staged[warps_12bit][words_of_warp / 4];
  const int lane = static_cast<int>(threadIdx.x) % warp_size;
  const StreamPart part = stream_part(size);
  Pack<std::uint32_t>* packs = staged[threadIdx.x / warp_size];
  const std::uint32_t* from = words + part.element / 8 * 3;
  Pack<std::uint32_t> wide[wide_packs];
  for (int p = 0; p < wide_packs; ++p) {
    const int pack = p * warp_size + lane;
    wide[p] = Pack<std::uint32_t>{};
    if (4 * pack + 4 <= part.words) {
      wide[p] = load_pack(from + 4 * pack);
    } else {
      for (int i = 0; i < 4; ++i) {
        if (4 * pack + i < part.words) wide[p].at[i] = from[4 * pack + i];
      }
    }
  }
  for (int p = 0; p < wide_packs; ++p) packs[p * warp_size + lane] = wide[p];
  __syncwarp();
  for (int p = 0; p < packs_12bit; ++p) {
    const int at = p * columns_of_pack + lane * 8;
    if (at >= part.elements) continue;
    TwelveBytes narrow;
    for (int i = 0; i < 3; ++i) {
      const int word = (p * warp_size + lane) * 3 + i;
      narrow.at[i] = packs[word / 4].at[word % 4];
    }
    store_pairs(x + part.element + at, to_pairs(unpack_12bit(narrow)));
  }
}

unsigned blocks_12bit(std::size_t size) {
  return blocks_for(size, static_cast<std::size_t>(warps_12bit) * elements_of_warp);
}

constexpr int columns_of_lane = 16;

__global__ void __launch_bounds__(byte_tile_threads)
    transpose_bytes_kernel(const fp8* __restrict__ from, fp8* __restrict__ to, int rows,
                           int columns) {
  constexpr int width = 8 * columns_of_lane;
  __shared__ ByteTile<width, columns_of_lane> transposed;
  const int tiles_across = (columns + width - 1) / width;
  const int tile = static_cast<int>(blockIdx.x), thread = static_cast<int>(threadIdx.x);
  const int first_row = tile / tiles_across * byte_tile_rows;
  const int first_column = tile % tiles_across * width;
  const int column_of_tile = thread % 8 * columns_of_lane, quad = thread / 8;
  const int column = first_column + column_of_tile;
  Pack<std::uint32_t> packs[4];
  for (int i = 0; i < 4; ++i) {
    const int row = first_row + 4 * quad + i;
    packs[i] = row < rows && column < columns
                   ? load_pack(reinterpret_cast<const std::uint32_t*>(
                         from + static_cast<std::size_t>(row) * columns + column))
                   : Pack<std::uint32_t>{};
  }
  for (int w = 0; w < 4; ++w) {
    std::uint32_t words[4] = {packs[0].at[w], packs[1].at[w], packs[2].at[w], packs[3].at[w]};
    transpose_4x4(words);
    for (int j = 0; j < 4; ++j) transposed.put(column_of_tile + 4 * w + j, quad, words[j]);
  }
  __syncthreads();
  transposed.store_transposed(to, first_row, first_column, rows, columns);
}

}  // namespace

void dequantize_1x128(const fp8* codes, const float* scales, bf16* x, int rows, int columns,
                      Stream stream) {
  require_shape(rows, columns);
  const int packs = packs_for(columns, 4);
  const auto kernel = packs == 4   ? dequantize_rows_kernel<4>
                      : packs == 2 ? dequantize_rows_kernel<2>
                                   : dequantize_rows_kernel<1>;
  launch(kernel, row_tiles(packs, rows, columns), tile_threads, stream, codes, scales, x, rows,
         columns);
}

void quantize_12bit(const bf16* x, std::uint32_t* words, int rows, int columns, Stream stream) {
  require_shape(rows, columns);
  const std::size_t size = static_cast<std::size_t>(rows) * columns;
  launch(quantize_12bit_kernel, blocks_12bit(size), tile_threads, stream, x, words, size);
}

void dequantize_12bit(const std::uint32_t* words, bf16* x, int rows, int columns, Stream stream) {
  require_shape(rows, columns);
  const std::size_t size = static_cast<std::size_t>(rows) * columns;
  launch(dequantize_12bit_kernel, blocks_12bit(size), tile_threads, stream, words, x, size);
}

void transpose_fp8(const fp8* from, fp8* to, int rows, int columns, Stream stream) {
  require_shape(rows, columns);
  constexpr std::size_t width = 8 * columns_of_lane;
  const unsigned blocks = blocks_for(static_cast<std::size_t>(rows), byte_tile_rows) *
                          blocks_for(static_cast<std::size_t>(columns), width);
  launch(transpose_bytes_kernel, blocks, byte_tile_threads, stream, from, to, rows, columns);
}

}  // namespace fleetwright::gpu
