#pragma once

// What a warp-group of decode.cu does with a page: products and softmax.

#include "profiles/gpu/kernels/hopper/decode_tile.hpp"
#include "profiles/gpu/kernels/hopper/fragments.cuh"

namespace fleetwright::gpu::hopper {

using PageScores = float[DecodeTile::keys / 2];
using PageWeights = std::uint32_t[DecodeTile::keys / 16][4];
using HalfSums = float[DecodeTile::d_v / 4];

/// Asks for the scores of the page in the warp-group's buffer, its own half first.
template <int Group>
__device__ __forceinline__ void ask_for_scores(Shared shared, std::uint32_t full_parity,
                                               PageScores& scores) {
  hold(scores);
  FLEETWRIGHT_UNROLL
  for (int i = 0; i < DecodeTile::qk_panels; ++i) {
    const int panel = i == DecodeTile::rotary_panel
                          ? i
                          : (i + Group * DecodeTile::half_panels) % DecodeTile::v_panels;
    const Shared q = shared + DecodeTile::q_at + panel * DecodeTile::panel_bytes;
    const Shared k = shared + DecodeTile::k_at(Group) + panel * DecodeTile::panel_bytes;
    barrier_wait(shared + DecodeTile::full(Group, panel), full_parity);
    products_begin();
    FLEETWRIGHT_UNROLL
    for (int d = 0; d < DecodeTile::panel_columns; d += 16) {
      multiply_bf16<DecodeTile::keys, Major::along_k, Major::along_k>(
          scores, along_k(q, 2 * d), along_k(k, 2 * d), i > 0 || d > 0);
    }
  }
  products_commit();
  hold(scores);
}

__device__ __forceinline__ std::uint64_t values_of(Shared shared, int buffer, int group, int key) {
  const int panel = group * DecodeTile::half_panels;
  return across_k(shared + DecodeTile::k_at(buffer) + panel * DecodeTile::panel_bytes + key * 128,
                  DecodeTile::panel_bytes);
}

/// Asks for a half of the values of the warp-group's own page to be weighed and added up.
template <int Group>
__device__ __forceinline__ void ask_for_own_sums(Shared shared, PageWeights& weights,
                                                 HalfSums& sums) {
  FLEETWRIGHT_UNROLL
  for (auto& w : weights) hold(w);
  hold(sums);
  products_begin();
  FLEETWRIGHT_UNROLL
  for (int key = 0; key < DecodeTile::keys; key += 16) {
    multiply_bf16<DecodeTile::d_v / 2, Major::across_k>(sums, weights[key / 16],
                                                        values_of(shared, Group, Group, key), true);
  }
  products_commit();
  hold(sums);
}

/// The same of the other's page, with its weights. That the page has come the other has seen, and
/// then told so by giving its weights.
template <int Group>
__device__ __forceinline__ void ask_for_other_sums(Shared shared, HalfSums& sums) {
  constexpr int other = 1 - Group;
  hold(sums);
  products_begin();
  FLEETWRIGHT_UNROLL
  for (int key = 0; key < DecodeTile::keys; key += 16) {
    multiply_bf16<DecodeTile::d_v / 2, Major::along_k, Major::across_k>(
        sums, along_k(shared + DecodeTile::weights_at(other), 2 * key),
        values_of(shared, other, Group, key), true);
  }
  products_commit();
  hold(sums);
}

/// A number of the upper and the lower row of a thread.
using RowPair = float[2];

__device__ __forceinline__ void give(char* memory, int at, const RowPair& pair) {
  const Lane me;
  float* const rows = reinterpret_cast<float*>(memory + at);
  if (me.column != 0) return;
  rows[me.row] = pair[0];
  rows[me.row + 8] = pair[1];
}
__device__ __forceinline__ void take(const char* memory, int at, RowPair& pair) {
  const Lane me;
  const float* const rows = reinterpret_cast<const float*>(memory + at);
  pair[0] = rows[me.row];
  pair[1] = rows[me.row + 8];
}

/// What sums of exponentials less `before` must be multiplied with to be those less `now`; of a row
/// that has seen no key yet, whose sums are 0, some finite number.
__device__ __forceinline__ float correction_of(float before, float now) {
  return exp2_approximately(before - (now == -INFINITY ? 0 : now));
}

/// The maximum of the scores, times scale and log2 e, of all keys so far, and the sum of the
/// exponentials of the warp-group's own keys in the thread's own columns.
struct PageSoftmax {
  RowPair largest = {-INFINITY, -INFINITY};
  RowPair sum = {0, 0};

  /// Takes maxima that are no less; gives what earlier sums must be multiplied with.
  __device__ __forceinline__ void raise(const RowPair& to, RowPair& correction) {
    FLEETWRIGHT_UNROLL
    for (int row = 0; row < 2; ++row) {
      correction[row] = correction_of(largest[row], to[row]);
      largest[row] = to[row];
      sum[row] *= correction[row];
    }
  }
  /// Scores become exponentials.
  __device__ __forceinline__ void take_exponentials(PageScores& scores, float scale_log2) {
    FLEETWRIGHT_UNROLL
    for (int row = 0; row < 2; ++row) {
      const float less = largest[row] == -INFINITY ? 0 : largest[row];
      float added = 0;
      FLEETWRIGHT_UNROLL
      for (int i = 0; i < DecodeTile::keys / 2; i += 4) {
        FLEETWRIGHT_UNROLL
        for (int j = i + 2 * row; j < i + 2 * row + 2; ++j) {
          scores[j] = exp2_approximately(scores[j] * scale_log2 - less);
          added += scores[j];
        }
      }
      sum[row] += added;
    }
  }
};

/// The larger of `largest` and of the scores of the row, over the four lanes that share it.
__device__ __forceinline__ void find_largest(const PageScores& scores, float scale_log2,
                                             RowPair& largest) {
  FLEETWRIGHT_UNROLL
  for (int row = 0; row < 2; ++row) {
    float most = largest[row];
    FLEETWRIGHT_UNROLL
    for (int i = 0; i < DecodeTile::keys / 2; i += 4) {
      most = fmaxf(most, scale_log2 * fmaxf(scores[i + 2 * row], scores[i + 2 * row + 1]));
    }
    most = fmaxf(most, __shfl_xor_sync(all_lanes, most, 1));
    largest[row] = fmaxf(most, __shfl_xor_sync(all_lanes, most, 2));
  }
}

template <int Size>
__device__ __forceinline__ void multiply_rows(float (&numbers)[Size], const RowPair& by) {
  FLEETWRIGHT_UNROLL
  for (int i = 0; i < Size; ++i) numbers[i] *= by[i / 2 % 2];
}

}  // namespace fleetwright::gpu::hopper
