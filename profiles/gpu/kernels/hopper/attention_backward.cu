// The gradients of causal attention, 128 keys of a head a block, 64 of each of two warp-groups that
// keep the gradients of their keys and values in registers. One thread loads queries and gradients
// of results, 64 at a time from the diagonal on; for each a warp-group computes its scores anew,
// adds to the gradients of its values with the weights in registers, and leaves the gradients of
// the scores in shared memory, from where it adds to those of its keys, and both warp-groups
// multiply them by all keys: half of the columns of the queries' gradient each, which the
// accelerator adds up in device memory. Products are under way while the gradients of the scores
// are computed, but none of the warp-group's own while weights are: there are no registers for it
// (FlashAttention-2 and -3, arXiv 2307.08691, section 3.1.2, and 2407.08608, appendix B).

#include "profiles/gpu/kernels/hopper/attention_backward.hpp"
#include "profiles/gpu/kernels/hopper/attention_panels.cuh"
#include "profiles/gpu/kernels/hopper/attention_schedule.hpp"
#include "profiles/gpu/kernels/hopper/launch.cuh"
#include "profiles/gpu/kernels/hopper/ring.hpp"

namespace fleetwright::gpu::hopper {
namespace {

using Back = AttentionBackwardTile;
// 64 K registers over the warp-groups: 24 to the loaders and 240 to each of two others.
constexpr int loaders_keep = 24, multipliers_take = 240;
static_assert(loaders_keep + Back::consumers * multipliers_take <= 65536 / warp_group);

__device__ __forceinline__ void load_boxes(Shared shared, const AttentionGradientMaps& maps,
                                           const AttentionProblem& p, const KeyBlock& keys) {
  load_panels(shared + Back::k_at, Back::key_panel, maps.k, shared + Back::kv_full, Back::qk_panels,
              keys.kv_head, keys.first_row + keys.key);
  load_panels(shared + Back::v_at, Back::key_panel, maps.v, shared + Back::kv_full, Back::v_panels,
              keys.kv_head, keys.first_row + keys.key);
  RingPlace ring;
  for (QueryCursor at(p, keys); at.more(); at.advance(p, keys)) {
    const auto stage = static_cast<int>(ring.stage);
    const int row = keys.first_row + at.query;
    barrier_wait(shared + Back::empty(stage), ring.empty_parity());
    load_panels(shared + Back::q_at(stage), Back::query_panel, maps.q, shared + Back::q_full(stage),
                Back::qk_panels, at.head, row);
    load_panels(shared + Back::d_o_at(stage), Back::query_panel, maps.d_o,
                shared + Back::d_o_full(stage), Back::v_panels, at.head, row);
    ring.advance(Back::stages);
  }
}

/// Of queries, or what stands for those behind the last.
__device__ __forceinline__ float value_or(const float* values, int query, int tokens,
                                          float otherwise) {
  return query < tokens ? values[query] : otherwise;
}

/// A warp brings what there is one of a query. Queries behind the last see no key: their sum of
/// exponentials is infinite.
__device__ __forceinline__ void load_rows(Shared shared, const AttentionProblem& p,
                                          const AttentionGradientOperands& x,
                                          const KeyBlock& keys) {
  const int lane = static_cast<int>(threadIdx.x) % warp_size;
  RingPlace ring;
  for (QueryCursor at(p, keys); at.more(); at.advance(p, keys)) {
    const auto stage = static_cast<int>(ring.stage);
    const std::size_t plane = (static_cast<std::size_t>(keys.batch) * p.heads + at.head) *
                              static_cast<std::size_t>(p.tokens);
    const int query = at.query + 2 * lane;
    barrier_wait(shared + Back::empty(stage), ring.empty_parity());
    const float* values = x.log_sum + plane;
    store_shared(shared + Back::log_sum_at(stage) + lane * 8,
                 log2_e * value_or(values, query, p.tokens, INFINITY),
                 log2_e * value_or(values, query + 1, p.tokens, INFINITY));
    values = x.mean + plane;
    store_shared(shared + Back::mean_at(stage) + lane * 8, value_or(values, query, p.tokens, 0),
                 value_or(values, query + 1, p.tokens, 0));
    barrier_arrive(shared + Back::rows_full(stage));
    ring.advance(Back::stages);
  }
}

using Scores = float[Back::queries / 2];
using Weights = std::uint32_t[Back::queries / 16][4];
using KeyGradients = float[Back::d_qk / 2];
using ValueGradients = float[Back::d_v / 2];

/// Asks for 64 keys (or values) times 64 queries (or gradients of results), of this width.
template <int Width>
__device__ __forceinline__ void ask_for_scores(Shared keys, Shared queries, Scores& scores) {
  hold(scores);
  products_begin();
  FLEETWRIGHT_UNROLL
  for (int d = 0; d < Width; d += 16) {
    const int panel = d / attention_panel, in_panel = d % attention_panel * 2;
    multiply_bf16<Back::queries, Major::along_k, Major::along_k>(
        scores, along_k(keys + panel * Back::key_panel, in_panel),
        along_k(queries + panel * Back::query_panel, in_panel), d > 0);
  }
  products_commit();
  hold(scores);
}

/// Asks for rows of queries (or of gradients of results) to be weighed and added up.
template <int Width>
__device__ __forceinline__ void ask_for_sums(Weights& weights, Shared rows,
                                             float (&sums)[Width / 2]) {
  FLEETWRIGHT_UNROLL
  for (auto& w : weights) hold(w);
  hold(sums);
  products_begin();
  FLEETWRIGHT_UNROLL
  for (int query = 0; query < Back::queries; query += 16) {
    multiply_bf16<Width, Major::across_k>(sums, weights[query / 16],
                                          across_k(rows + query * 128, Back::query_panel), true);
  }
  products_commit();
  hold(sums);
}

/// The gradient of keys, from the gradients of scores in shared memory.
__device__ __forceinline__ void ask_for_keys(Shared d_scores, Shared q, KeyGradients& d_k) {
  hold(d_k);
  products_begin();
  FLEETWRIGHT_UNROLL
  for (int query = 0; query < Back::queries; query += 16) {
    multiply_bf16<Back::d_qk, Major::along_k, Major::across_k>(
        d_k, along_k(d_scores, query * 2), across_k(q + query * 128, Back::query_panel), true);
  }
  products_commit();
  hold(d_k);
}

// The columns of the queries' gradient that a warp-group computes: a panel of keys and half of the
// one in the middle.
using WholePanel = float[attention_panel / 2];
using HalfPanel = float[attention_panel / 4];

__device__ __forceinline__ void ask_for_queries(Shared shared, int group, WholePanel& whole,
                                                HalfPanel& half) {
  const Shared d_scores = shared + Back::d_scores_at, k = shared + Back::k_at;
  const Shared whole_at = k + group * 2 * Back::key_panel;
  const Shared half_at = k + Back::key_panel + group * attention_panel;  // of 128 bytes a key
  hold(whole);
  hold(half);
  products_begin();
  FLEETWRIGHT_UNROLL
  for (int key = 0; key < Back::keys; key += 16) {
    const std::uint64_t a = across_k(d_scores + key * 128, Back::d_scores_bytes);
    multiply_bf16<64, Major::across_k, Major::across_k>(
        whole, a, across_k(whole_at + key * 128, Back::key_panel), key > 0);
    multiply_bf16<32, Major::across_k, Major::across_k>(
        half, a, across_k(half_at + key * 128, Back::key_panel), key > 0);
  }
  products_commit();
  hold(whole);
  hold(half);
}

/// No query sees keys behind it.
__device__ __forceinline__ void mask(Scores& scores, int first_key, int first_query) {
  const Lane me;
  FLEETWRIGHT_UNROLL
  for (int i = 0; i < Back::queries / 2; ++i) {
    const int query = first_query + i / 4 * 8 + me.column + i % 2;
    if (first_key + me.row + i / 2 % 2 * 8 > query) scores[i] = -INFINITY;
  }
}

/// Half of the scores become weights, exp2(score - log sum), rounded.
template <int Half>
__device__ __forceinline__ void weigh(const Scores& scores, Shared log_sums, float scale_log2,
                                      Weights& weights) {
  const Lane me;
  constexpr int part = Back::queries / 4;
  FLEETWRIGHT_UNROLL
  for (int i = Half * part; i < (Half + 1) * part; i += 4) {
    const float2 sum = load_shared_pair(log_sums + (2 * i + me.column) * 4);
    FLEETWRIGHT_UNROLL
    for (int row = 0; row < 2; ++row) {
      weights[i / 8][i / 2 % 4 + row] =
          pair_bits(exp2_approximately(scores[i + 2 * row] * scale_log2 - sum.x),
                    exp2_approximately(scores[i + 2 * row + 1] * scale_log2 - sum.y));
    }
  }
}

/// The gradients of weights become those of scores but for their scale, rounded:
/// weight (gradient - mean).
__device__ __forceinline__ void differentiate(const Scores& d_weights, const Weights& weights,
                                              Shared means, Weights& d_scores) {
  const Lane me;
  FLEETWRIGHT_UNROLL
  for (int i = 0; i < Back::queries / 2; i += 4) {
    const float2 mean = load_shared_pair(means + (2 * i + me.column) * 4);
    FLEETWRIGHT_UNROLL
    for (int row = 0; row < 2; ++row) {
      const float2 weight = pair_of(weights[i / 8][i / 2 % 4 + row]);
      d_scores[i / 8][i / 2 % 4 + row] =
          pair_bits(weight.x * (d_weights[i + 2 * row] - mean.x),
                    weight.y * (d_weights[i + 2 * row + 1] - mean.y));
    }
  }
}

__device__ __forceinline__ void both_groups() { named_barrier(3, 2 * warp_group); }

/// The sums of a warp-group's columns of the queries' gradient, on their way to device memory.
__device__ __forceinline__ void add_queries(Shared shared, const TensorMap& sums, int group,
                                            int head, int row, const WholePanel& whole,
                                            const HalfPanel& half) {
  constexpr int panel = Back::query_panel, columns = Back::fp32_columns;
  const Shared to = shared + Back::d_q_at(group);
  const Lane me;
  if (me.leader) wait_for_reads_of_boxes();  // of the queries before
  named_barrier(1 + group, warp_group);
  stage_fp32<attention_panel>(to + group * panel, panel, whole);
  stage_fp32<attention_panel / 2>(to + (group == 0 ? 2 * panel : 0), panel, half);
  fence_for_async();
  named_barrier(1 + group, warp_group);
  if (!me.leader) return;
  for (int i = 0; i < Back::d_q_panels; ++i) {
    add_box(sums, to + i * panel, group * Back::d_q_columns + i * columns, head, row);
  }
  commit_boxes();
}

__device__ __forceinline__ void multiply_blocks(Shared shared, const AttentionGradientMaps& maps,
                                                const AttentionProblem& p, const KeyBlock& keys,
                                                int group, KeyGradients& d_k, ValueGradients& d_v) {
  const Shared k = shared + Back::k_at + group * 64 * 128,
               v = shared + Back::v_at + group * 64 * 128;
  const int first_key = keys.key + group * 64;
  const float scale_log2 = p.scale * log2_e;
  FLEETWRIGHT_UNROLL
  for (float& x : d_k) x = 0;
  FLEETWRIGHT_UNROLL
  for (float& x : d_v) x = 0;
  barrier_wait(shared + Back::kv_full, 0);
  RingPlace ring;
  for (QueryCursor at(p, keys); at.more(); at.advance(p, keys)) {
    const auto stage = static_cast<int>(ring.stage);
    const Shared q = shared + Back::q_at(stage), d_o = shared + Back::d_o_at(stage);
    Scores scores, d_weights;
    Weights weights, d_scores;
    barrier_wait(shared + Back::q_full(stage), ring.full_parity());
    ask_for_scores<Back::d_qk>(k, q, scores);
    barrier_wait(shared + Back::rows_full(stage), ring.full_parity());
    products_wait<0>();
    hold(scores);
    if (at.query <= first_key) mask(scores, first_key, at.query);
    weigh<0>(scores, shared + Back::log_sum_at(stage), scale_log2, weights);
    weigh<1>(scores, shared + Back::log_sum_at(stage), scale_log2, weights);
    barrier_wait(shared + Back::d_o_full(stage), ring.full_parity());
    ask_for_scores<Back::d_v>(v, d_o, d_weights);
    ask_for_sums<Back::d_v>(weights, d_o, d_v);
    products_wait<1>();
    hold(d_weights);
    differentiate(d_weights, weights, shared + Back::mean_at(stage), d_scores);
    both_groups();  // nobody multiplies the gradients of the scores before any more
    FLEETWRIGHT_UNROLL
    for (int i = 0; i < Back::queries / 16; ++i) {
      store_matrices(matrix_row<Back::queries>(shared + Back::d_scores_at + group * 64 * 128,
                                               Back::d_scores_bytes, 16 * i),
                     d_scores[i][0], d_scores[i][1], d_scores[i][2], d_scores[i][3]);
    }
    fence_for_async();
    both_groups();
    ask_for_keys(shared + Back::d_scores_at + group * 64 * 128, q, d_k);
    products_wait<1>();
    hold(d_v);
    WholePanel whole;
    HalfPanel half;
    ask_for_queries(shared, group, whole, half);
    products_wait<1>();
    hold(d_k);
    release(shared + Back::empty(stage));
    products_wait<0>();
    hold(whole);
    hold(half);
    add_queries(shared, maps.d_q_sum, group, at.head, keys.first_row + at.query, whole, half);
    ring.advance(Back::stages);
  }
}

/// The gradients of keys and values, where keys and values were.
__device__ __forceinline__ void write_gradients(char* memory, Shared shared,
                                                const AttentionGradientMaps& maps,
                                                const AttentionProblem& p,
                                                const AttentionGradientOperands& x,
                                                const KeyBlock& keys, int group, KeyGradients& d_k,
                                                const ValueGradients& d_v) {
  const int first = keys.key + group * 64;
  HeadRows rows{x.d_k, p.kv_heads, keys.kv_head, keys.first_row + first, p.tokens - first};
  FLEETWRIGHT_UNROLL
  for (int i = 0; i < Back::d_qk / 2; ++i) d_k[i] *= p.scale;
  if (Lane().leader) wait_for_reads_of_boxes();
  both_groups();  // nobody multiplies by keys any more
  const int k = Back::k_at + group * 64 * 128, v = Back::v_at + group * 64 * 128;
  stage_bf16<Back::d_qk>(shared + k, Back::key_panel, d_k);
  stage_bf16<Back::d_v>(shared + v, Back::key_panel, d_v);
  write_panels<Back::d_qk>(memory, shared, k, Back::key_panel, maps.d_k, rows, group);
  rows.data = x.d_v;
  write_panels<Back::d_v>(memory, shared, v, Back::key_panel, maps.d_v, rows, group);
}

__global__ void __launch_bounds__(Back::threads, 1)
    attention_backward_kernel(const __grid_constant__ AttentionGradientMaps maps,
                              AttentionProblem p, AttentionGradientOperands x) {
  char* const memory = dynamic_shared();
  const Shared shared = shared_address(memory);
  const int group = __shfl_sync(all_lanes, static_cast<int>(threadIdx.x) / warp_group, 0) - 1;
  const KeyBlock keys(p, static_cast<int>(blockIdx.x));
  if (threadIdx.x == 0) {
    barrier_init(shared + Back::kv_full, 2);
    for (int stage = 0; stage < Back::stages; ++stage) {
      barrier_init(shared + Back::q_full(stage), 1);
      barrier_init(shared + Back::d_o_full(stage), 1);
      barrier_init(shared + Back::rows_full(stage), warp_size);
      barrier_init(shared + Back::empty(stage), Back::consumers * warp_group / warp_size);
    }
    barriers_are_initialized();
  }
  __syncthreads();
  if (group < 0) {
    give_registers<loaders_keep>();
    if (threadIdx.x == 0) load_boxes(shared, maps, p, keys);
    if (threadIdx.x / warp_size == 1) load_rows(shared, p, x, keys);
  } else {
    take_registers<multipliers_take>();
    KeyGradients d_k;
    ValueGradients d_v;
    multiply_blocks(shared, maps, p, keys, group, d_k, d_v);
    write_gradients(memory, shared, maps, p, x, keys, group, d_k, d_v);
  }
}

}  // namespace

void launch_attention_backward(const AttentionGradientMaps& maps, const AttentionProblem& p,
                               const AttentionGradientOperands& x, Stream stream) {
  launch_clusters(attention_backward_kernel,
                  {KeyBlock::count(p), 1, Back::threads, Back::shared_bytes}, stream, maps, p, x);
}

}  // namespace fleetwright::gpu::hopper
