// Causal attention, 128 queries of a head a block. One thread loads keys and values, from the
// diagonal back to the first; two warp-groups have 64 queries each. A warp-group asks for the
// scores of the next keys before it weighs the values of the last, so that the tensor cores work
// while it takes exponentials, and the two take turns at asking, so that one's exponentials lie
// under the other's products (FlashAttention-3, arXiv 2407.08608, sections 3.1 and 3.2).

#include "profiles/gpu/kernels/hopper/attention.hpp"
#include "profiles/gpu/kernels/hopper/attention_panels.cuh"
#include "profiles/gpu/kernels/hopper/attention_schedule.hpp"
#include "profiles/gpu/kernels/hopper/launch.cuh"
#include "profiles/gpu/kernels/hopper/ring.hpp"

namespace fleetwright::gpu::hopper {
namespace {

using Attend = AttentionTile;

__device__ __forceinline__ void load_all(Shared shared, const AttentionMaps& maps,
                                         const QueryBlock& place) {
  load_panels(shared + Attend::q_at, Attend::panel_bytes, maps.q, shared + Attend::q_full,
              Attend::qk_panels, place.head, place.first_row + place.query);
  RingPlace ring;
  for (int block = place.key_blocks - 1; block >= 0; --block) {
    const auto stage = static_cast<int>(ring.stage);
    const int row = place.first_row + block * Attend::keys;
    barrier_wait(shared + Attend::k_empty(stage), ring.empty_parity());
    load_panels(shared + Attend::k_at(stage), Attend::panel_bytes, maps.k,
                shared + Attend::k_full(stage), Attend::qk_panels, place.kv_head, row);
    barrier_wait(shared + Attend::v_empty(stage), ring.empty_parity());
    load_panels(shared + Attend::v_at(stage), Attend::panel_bytes, maps.v,
                shared + Attend::v_full(stage), Attend::v_panels, place.kv_head, row);
    ring.advance(Attend::stages);
  }
}

using Scores = float[Attend::keys / 2];
using Weights = std::uint32_t[Attend::keys / 16][4];
using Sums = float[Attend::d_v / 2];

/// Asks for the scores of 64 queries and 128 keys.
__device__ __forceinline__ void ask_for_scores(Shared q, Shared k, Scores& scores) {
  hold(scores);
  products_begin();
  FLEETWRIGHT_UNROLL
  for (int d = 0; d < Attend::d_qk; d += 16) {
    const int panel = d / attention_panel * Attend::panel_bytes;
    const int in_panel = d % attention_panel * 2;
    multiply_bf16<Attend::keys, Major::along_k, Major::along_k>(
        scores, along_k(q + panel, in_panel), along_k(k + panel, in_panel), d > 0);
  }
  products_commit();
  hold(scores);
}

/// Asks for values to be weighed and added up.
__device__ __forceinline__ void ask_for_sums(Weights& weights, Shared v, Sums& sums) {
  FLEETWRIGHT_UNROLL
  for (auto& w : weights) hold(w);
  hold(sums);
  products_begin();
  FLEETWRIGHT_UNROLL
  for (int key = 0; key < Attend::keys; key += 16) {
    multiply_bf16<Attend::d_v, Major::across_k>(sums, weights[key / 16],
                                                across_k(v + key * 128, Attend::panel_bytes), true);
  }
  products_commit();
  hold(sums);
}

/// The running maximum of the scores, times scale and log2 e, and the sum of the exponentials of
/// the upper and the lower row of a thread; the sum over the thread's own columns alone.
struct Softmax {
  float largest[2] = {-INFINITY, -INFINITY};
  float sum[2] = {0, 0};

  /// Scores become exponentials; gives what earlier sums must be multiplied with.
  __device__ __forceinline__ void take(Scores& scores, float scale_log2, float (&correction)[2]) {
    FLEETWRIGHT_UNROLL
    for (int row = 0; row < 2; ++row) {
      float most = largest[row];
      FLEETWRIGHT_UNROLL
      for (int i = 0; i < Attend::keys / 2; i += 4) {
        most = fmaxf(most, scale_log2 * fmaxf(scores[i + 2 * row], scores[i + 2 * row + 1]));
      }
      most = fmaxf(most, __shfl_xor_sync(all_lanes, most, 1));
      most = fmaxf(most, __shfl_xor_sync(all_lanes, most, 2));
      correction[row] = exp2_approximately(largest[row] - most);
      largest[row] = most;
      float added = 0;
      FLEETWRIGHT_UNROLL
      for (int i = 0; i < Attend::keys / 2; i += 4) {
        FLEETWRIGHT_UNROLL
        for (int j = i + 2 * row; j < i + 2 * row + 2; ++j) {
          scores[j] = exp2_approximately(scores[j] * scale_log2 - most);
          added += scores[j];
        }
      }
      sum[row] = sum[row] * correction[row] + added;
    }
  }
  /// Over the four lanes that share the rows.
  __device__ void finish() {
    for (float& s : sum) {
      s += __shfl_xor_sync(all_lanes, s, 1);
      s += __shfl_xor_sync(all_lanes, s, 2);
    }
  }
};

/// No query sees keys behind it: on the diagonal.
__device__ __forceinline__ void mask(Scores& scores, int first_row) {
  const Lane me;
  FLEETWRIGHT_UNROLL
  for (int i = 0; i < Attend::keys / 2; ++i) {
    const int key = i / 4 * 8 + me.column + i % 2, row = first_row + me.row + i / 2 % 2 * 8;
    if (key > row) scores[i] = -INFINITY;
  }
}

// The warp-groups' turns at asking for products.
constexpr int turn_of = 3;
__device__ __forceinline__ void take_turn(int group) {
  named_barrier(turn_of + group, 2 * warp_group);
}
__device__ __forceinline__ void give_turn(int group) {
  named_barrier_arrive(turn_of + 1 - group, 2 * warp_group);
}

__device__ __forceinline__ void attend(Shared shared, const QueryBlock& place, int group,
                                       float scale_log2, Softmax& softmax, Sums& sums) {
  const Shared q = shared + Attend::q_at + group * 64 * 128;
  Scores scores;
  Weights weights;
  float correction[2];
  RingPlace keys, values;
  FLEETWRIGHT_UNROLL
  for (float& s : sums) s = 0;
  if (group == 1) give_turn(group);
  barrier_wait(shared + Attend::q_full, 0);
  barrier_wait(shared + Attend::k_full(0), 0);
  take_turn(group);
  ask_for_scores(q, shared + Attend::k_at(0), scores);
  const int blocks = place.key_blocks;
  if (group == 0 || blocks > 1) give_turn(group);
  products_wait<0>();
  hold(scores);
  release(shared + Attend::k_empty(0));
  keys.advance(Attend::stages);
  mask(scores, group * 64);
  softmax.take(scores, scale_log2, correction);
  round_weights(scores, weights);
  for (int block = 1; block < blocks; ++block) {
    const auto k = static_cast<int>(keys.stage), v = static_cast<int>(values.stage);
    barrier_wait(shared + Attend::k_full(k), keys.full_parity());
    take_turn(group);
    ask_for_scores(q, shared + Attend::k_at(k), scores);
    barrier_wait(shared + Attend::v_full(v), values.full_parity());
    ask_for_sums(weights, shared + Attend::v_at(v), sums);
    if (group == 0 || block + 1 < blocks) give_turn(group);
    products_wait<1>();
    hold(scores);
    release(shared + Attend::k_empty(k));
    keys.advance(Attend::stages);
    softmax.take(scores, scale_log2, correction);
    products_wait<0>();
    hold(sums);
    release(shared + Attend::v_empty(v));
    values.advance(Attend::stages);
    FLEETWRIGHT_UNROLL
    for (int i = 0; i < Attend::d_v / 2; ++i) sums[i] *= correction[i / 2 % 2];
    round_weights(scores, weights);
  }
  const auto v = static_cast<int>(values.stage);
  barrier_wait(shared + Attend::v_full(v), values.full_parity());
  ask_for_sums(weights, shared + Attend::v_at(v), sums);
  products_wait<0>();
  hold(sums);
}

/// Divides by the sums of the exponentials and writes 64 rows, as far as they are there.
__device__ __forceinline__ void write_results(char* memory, Shared shared,
                                              const AttentionMaps& maps, const AttentionProblem& p,
                                              const AttentionOperands& operands,
                                              const QueryBlock& place, int group,
                                              const Softmax& softmax, Sums& sums) {
  const Lane me;
  const int first = place.query + group * 64, rows = p.tokens - first;
  FLEETWRIGHT_UNROLL
  for (int i = 0; i < Attend::d_v / 2; ++i) sums[i] /= softmax.sum[i / 2 % 2];
  FLEETWRIGHT_UNROLL
  for (int half = 0; half < 2; ++half) {
    const int row = me.row + 8 * half;
    if (me.column != 0 || row >= rows) continue;
    const std::size_t plane = static_cast<std::size_t>(place.batch) * p.heads + place.head;
    operands.log_sum[plane * p.tokens + first + row] =
        ln_2 * softmax.largest[half] + logf(softmax.sum[half]);
  }
  // Where this warp-group's queries were: nobody needs them any more.
  const int at = Attend::q_at + group * 64 * 128;
  stage_bf16<Attend::d_v>(shared + at, Attend::panel_bytes, sums);
  write_panels<Attend::d_v>(memory, shared, at, Attend::panel_bytes, maps.o,
                            {operands.o, p.heads, place.head, place.first_row + first, rows},
                            group);
}

__global__ void __launch_bounds__(Attend::threads, 1)
    attention_forward_kernel(const __grid_constant__ AttentionMaps maps, AttentionProblem p,
                             AttentionOperands operands) {
  char* const memory = dynamic_shared();
  const Shared shared = shared_address(memory);
  const int group = static_cast<int>(threadIdx.x) / warp_group - 1;
  const QueryBlock place(p, static_cast<int>(blockIdx.x));
  if (threadIdx.x == 0) {
    constexpr int warps = Attend::consumers * warp_group / warp_size;
    barrier_init(shared + Attend::q_full, 1);
    for (int stage = 0; stage < Attend::stages; ++stage) {
      barrier_init(shared + Attend::k_full(stage), 1);
      barrier_init(shared + Attend::v_full(stage), 1);
      barrier_init(shared + Attend::k_empty(stage), warps);
      barrier_init(shared + Attend::v_empty(stage), warps);
    }
    barriers_are_initialized();
  }
  __syncthreads();
  if (group < 0) {
    give_registers<loader_registers>();
    if (threadIdx.x == 0) load_all(shared, maps, place);
  } else {
    take_registers<multiplier_registers>();
    Softmax softmax;
    Sums sums;
    attend(shared, place, group, p.scale * log2_e, softmax, sums);
    softmax.finish();
    write_results(memory, shared, maps, p, operands, place, group, softmax, sums);
  }
}

}  // namespace

void launch_attention_forward(const AttentionMaps& maps, const AttentionProblem& p,
                              const AttentionOperands& operands, Stream stream) {
  launch_clusters(attention_forward_kernel,
                  {QueryBlock::count(p), 1, Attend::threads, Attend::shared_bytes}, stream, maps, p,
                  operands);
}

}  // namespace fleetwright::gpu::hopper
