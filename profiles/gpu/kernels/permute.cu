#include <algorithm>

#include "models/core/error.hpp"
#include "profiles/gpu/kernels/packs.cuh"
#include "profiles/gpu/kernels/permute.hpp"

namespace fleetwright::gpu {
namespace {

// A warp takes a stretch of one token: small enough that all SMs are busy, and their last round is
// short, for a few tokens as for many.
constexpr int warps = 4;
constexpr int threads = warps * warp_size;
constexpr int most_slots = warp_size;

/// Rows as 16-byte packs, `stretches` warps a token.
struct Stretches {
  int tokens = 0;
  int slots = 0;
  int packs = 0;
  int stretches = 0;
};

/// The stretch of the calling warp; its token is beyond the last for warps that are left over.
struct Place {
  int token = 0;
  int first_pack = 0;  // of the calling lane
};

template <int PacksOfLane>
__device__ inline Place place_of_warp(const Stretches& s) {
  const unsigned item = blockIdx.x * warps + threadIdx.x / warp_size;
  const unsigned stretches = static_cast<unsigned>(s.stretches);
  const unsigned lane = threadIdx.x % warp_size;
  return {static_cast<int>(item / stretches),
          static_cast<int>(item % stretches * (PacksOfLane * warp_size) + lane)};
}

// The row of slot l in lane l.
__device__ inline std::int32_t row_of_lane(const std::int32_t* rows_of, int token, int slots) {
  const int lane = static_cast<int>(threadIdx.x) % warp_size;
  if (lane >= slots) return -1;
  return rows_of[static_cast<std::size_t>(token) * static_cast<unsigned>(slots) +
                 static_cast<unsigned>(lane)];
}

__device__ inline std::int64_t offset(std::int32_t row, int width) {
  return std::int64_t{row} * width;
}

// Each token is read once, into registers, and written to each of its rows.
constexpr int packs_copied = 4;
constexpr int packs_of_scale = scale_group / 16;  // 16 E4M3 numbers each

/// Scales of 1x128 elements, as scale_layout.hpp lays them out.
struct Scales {
  const float* from = nullptr;
  float* to = nullptr;
  int rows = 0;
};

// What the pitch adds to the scales' rows is 0.
__device__ inline void write_padding(const Scales& scales, int groups) {
  const int pitch = scale_pitch(scales.rows), padding = pitch - scales.rows;
  for (int i = static_cast<int>(threadIdx.x) % warp_size; i < groups * padding; i += warp_size) {
    scales.to[offset(i / padding, pitch) + static_cast<unsigned>(scales.rows + i % padding)] = 0;
  }
}

template <bool Scaled>
__global__ void __launch_bounds__(threads)
    permute_kernel(const Bits* from, const std::int32_t* rows_of, Stretches shape, Bits* to,
                   Scales scales) {
  const auto [token, first] = place_of_warp<packs_copied>(shape);
  if (token >= shape.tokens) return;  // whole warps; there is no barrier
  const std::int32_t my_row = row_of_lane(rows_of, token, shape.slots);
  Bits packs[packs_copied] = {};
  for (int i = 0; i < packs_copied; ++i) {
    const int at = first + i * warp_size;
    if (at < shape.packs) packs[i] = load_once(from + offset(token, shape.packs) + at);
  }
  const int lane = static_cast<int>(threadIdx.x) % warp_size;
  const int groups = (shape.packs + packs_of_scale - 1) / packs_of_scale;
  const int my_group = (first - lane) / packs_of_scale + lane;
  const bool moves_scale =
      Scaled && lane < packs_copied * warp_size / packs_of_scale && my_group < groups;
  float scale = 0;
  if (moves_scale) scale = scales.from[offset(my_group, scale_pitch(shape.tokens)) + token];

  unsigned present = __ballot_sync(all_lanes, my_row >= 0);
  for (; present != 0; present &= present - 1) {
    const int slot = __ffs(static_cast<int>(present)) - 1;
    const std::int32_t row = __shfl_sync(all_lanes, my_row, slot);
    for (int i = 0; i < packs_copied; ++i) {
      const int at = first + i * warp_size;
      if (at < shape.packs) store_once(to + offset(row, shape.packs) + at, packs[i]);
    }
    if (moves_scale) scales.to[offset(my_group, scale_pitch(scales.rows)) + row] = scale;
  }
  if (Scaled && token == 0 && first == lane) write_padding(scales, groups);
}

// Rows of a token are read `rows_at_once` at a time, so that their loads are in flight together.
constexpr int packs_reduced = 2;
constexpr int rows_at_once = 4;

__global__ void __launch_bounds__(threads)
    unpermute_reduce_kernel(const Bits* from, const std::int32_t* rows_of, const float* weights,
                            Stretches shape, Bits* to) {
  const auto [token, first] = place_of_warp<packs_reduced>(shape);
  if (token >= shape.tokens) return;
  const std::int32_t my_row = row_of_lane(rows_of, token, shape.slots);
  float my_weight = 1;
  if (weights != nullptr && my_row >= 0) {
    my_weight = weights[offset(token, shape.slots) + threadIdx.x % warp_size];
  }
  Eight sum[packs_reduced] = {};
  unsigned present = __ballot_sync(all_lanes, my_row >= 0);
  while (present != 0) {
    Bits packs[rows_at_once][packs_reduced] = {};
    float weight[rows_at_once] = {};
    for (int r = 0; r < rows_at_once; ++r) {
      if (present == 0) continue;
      const int slot = __ffs(static_cast<int>(present)) - 1;
      present &= present - 1;
      const std::int32_t row = __shfl_sync(all_lanes, my_row, slot);
      weight[r] = __shfl_sync(all_lanes, my_weight, slot);
      for (int i = 0; i < packs_reduced; ++i) {
        const int at = first + i * warp_size;
        if (at < shape.packs) packs[r][i] = load_once(from + offset(row, shape.packs) + at);
      }
    }
    for (int r = 0; r < rows_at_once; ++r) {
      for (int i = 0; i < packs_reduced; ++i) {
        const Eight values = widen(packs[r][i]);
        for (int j = 0; j < 8; ++j) sum[i].at[j] += weight[r] * values.at[j];
      }
    }
  }
  for (int i = 0; i < packs_reduced; ++i) {
    const int at = first + i * warp_size;
    if (at < shape.packs) store_once(to + offset(token, shape.packs) + at, narrow(sum[i]));
  }
}

// A warp takes a choice; the token's gradient comes from the cache for all but the first.
__global__ void __launch_bounds__(threads)
    unpermute_backward_kernel(const Bits* token_gradients, const Bits* from,
                              const std::int32_t* rows_of, const float* weights, Stretches shape,
                              Bits* row_gradients, float* weight_gradients) {
  const unsigned choice = blockIdx.x * warps + threadIdx.x / warp_size;
  const unsigned slots = static_cast<unsigned>(shape.slots);
  if (choice >= static_cast<unsigned>(shape.tokens) * slots) return;
  const int lane = static_cast<int>(threadIdx.x) % warp_size;
  const std::int32_t row = rows_of[choice];
  float sum = 0;
  if (row >= 0) {
    const float weight = weights[choice];
    const Bits* gradients = token_gradients + offset(static_cast<int>(choice / slots), shape.packs);
    const Bits* outputs = from + offset(row, shape.packs);
    Bits* results = row_gradients + offset(row, shape.packs);
    for (int p = lane; p < shape.packs; p += warp_size) {
      Eight gradient = widen(load_constant(gradients + p));
      const Eight output = widen(load_once(outputs + p));
      for (int j = 0; j < 8; ++j) {
        sum += gradient.at[j] * output.at[j];
        gradient.at[j] *= weight;
      }
      store_once(results + p, narrow(gradient));
    }
  }
  sum = warp_sum(sum);
  if (lane == 0) weight_gradients[choice] = sum;
}

Stretches stretches_of(const TokenRows& s, int columns_of_pack, int packs_of_lane) {
  if (s.tokens <= 0 || s.slots <= 0 || s.slots > most_slots || s.columns <= 0) {
    throw Error("token rows need tokens, columns and from 1 to 32 slots");
  }
  if (s.columns % columns_of_pack != 0) throw Error("a token row must be a multiple of 16 bytes");
  const int packs = s.columns / columns_of_pack, of_warp = packs_of_lane * warp_size;
  const int stretches = (packs + of_warp - 1) / of_warp;
  if (std::int64_t{s.tokens} * std::max(s.slots, stretches) > INT32_MAX) {
    throw Error("too many token rows for one kernel");
  }
  return {s.tokens, s.slots, packs, stretches};
}

unsigned grid_for(const Stretches& s) {
  return blocks_for(static_cast<std::size_t>(s.tokens) * static_cast<unsigned>(s.stretches), warps);
}

const Bits* bits(const void* numbers) { return static_cast<const Bits*>(numbers); }
Bits* bits(void* numbers) { return static_cast<Bits*>(numbers); }

}  // namespace

void permute(const bf16* from, const std::int32_t* rows_of, const TokenRows& shape, bf16* to,
             Stream stream) {
  const Stretches s = stretches_of(shape, 8, packs_copied);
  launch(permute_kernel<false>, grid_for(s), threads, stream, bits(from), rows_of, s, bits(to),
         Scales{});
}

void permute(const fp8* from, const float* scales, const std::int32_t* rows_of,
             const TokenRows& shape, fp8* to, float* to_scales, Stream stream) {
  const Stretches s = stretches_of(shape, 16, packs_copied);
  if (scales != nullptr && shape.rows <= 0) throw Error("scaled token rows need their number");
  launch(scales != nullptr ? permute_kernel<true> : permute_kernel<false>, grid_for(s), threads,
         stream, bits(from), rows_of, s, bits(to), Scales{scales, to_scales, shape.rows});
}

void unpermute_reduce(const bf16* from, const std::int32_t* rows_of, const float* weights,
                      const TokenRows& shape, bf16* to, Stream stream) {
  const Stretches s = stretches_of(shape, 8, packs_reduced);
  launch(unpermute_reduce_kernel, grid_for(s), threads, stream, bits(from), rows_of, weights, s,
         bits(to));
}

void unpermute_backward(const bf16* token_gradients, const bf16* from, const std::int32_t* rows_of,
                        const float* weights, const TokenRows& shape, bf16* row_gradients,
                        float* weight_gradients, Stream stream) {
  const Stretches s = stretches_of(shape, 8, 1);
  const std::size_t choices =
      static_cast<std::size_t>(shape.tokens) * static_cast<unsigned>(shape.slots);
  launch(unpermute_backward_kernel, blocks_for(choices, warps), threads, stream,
         bits(token_gradients), bits(from), rows_of, weights, s, bits(row_gradients),
         weight_gradients);
}

}  // namespace fleetwright::gpu
