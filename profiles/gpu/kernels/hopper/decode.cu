// Absorbed decoding over a paged cache, 64 rows of queries a block of the GPU. One thread loads
// pages, two at a time; two warp-groups, left and right, have half of the columns of the results
// each. Left takes the scores of the first page, right those of the second; a weight is given to
// the other warp-group through shared memory, so that each weighs its half of both pages' values,
// and the exponentials of one lie under the products of the other ("seesaw", FlashMLA's deep dive
// of April 2025; the registers hold 64 x 256 results a warp-group, not two tiles of 64 x 512 to
// take turns with). Panels of 64 columns have barriers of their own: scores begin with the first
// that comes, and the half that is done with first is loaded again first.

#include "profiles/gpu/kernels/hopper/decode.hpp"
#include "profiles/gpu/kernels/hopper/decode_page.cuh"
#include "profiles/gpu/kernels/hopper/launch.cuh"
#include "profiles/gpu/kernels/hopper/ring.hpp"

namespace fleetwright::gpu::hopper {
namespace {

using Shape = DecodeTile;
constexpr int left = 0, right = 1;

// Barriers of some warps, beside 1 + group of those of a warp-group.
constexpr int left_maxima_are_there = 3, right_weights_are_there = 4, left_weights_are_there = 5,
              both_are_done = 6, both_groups = Shape::groups * warp_group;

/// Which rows of queries and which part of the keys a block has.
struct Place {
  int part, first_row;

  __device__ explicit Place(const DecodeArguments& x) {
    const int number = static_cast<int>(blockIdx.x);
    part = number / x.row_blocks;
    first_row = number % x.row_blocks * Shape::rows;
  }
};

/// A half of the values of a page, and the rotary columns with that which is read last.
template <int Buffer, int Half>
__device__ __forceinline__ void load_half(Shared shared, const TensorMap& map, int page,
                                          std::uint32_t empty_parity) {
  constexpr int panels = Shape::half_panels + (Half == Buffer ? 0 : 1);
  barrier_wait(shared + Shape::empty(Buffer, Half), empty_parity);
  for (int i = 0; i < panels; ++i) {
    const int panel = i < Shape::half_panels ? Half * Shape::half_panels + i : Shape::rotary_panel;
    const Shared full = shared + Shape::full(Buffer, panel);
    barrier_expect(full, Shape::panel_bytes);
    load_box(shared + Shape::k_at(Buffer) + panel * Shape::panel_bytes, map, full,
             panel * Shape::panel_columns, 0, page);
  }
}

__device__ __forceinline__ void load_all(Shared shared, const DecodeMaps& maps,
                                         const DecodeArguments& x, const Place& place) {
  RingPlace first, second, queries;
  DecodeCursor cursor(x.schedule, place.part);
  for (DecodePiece piece; cursor.next(piece);) {
    const std::int32_t* const pages = x.operands.page_table +
                                      static_cast<std::size_t>(piece.sequence) * x.max_pages +
                                      piece.first;
    const auto page_of = [&](int block) { return block < piece.blocks ? pages[block] : 0; };
    int page[2] = {page_of(0), page_of(1)};
    for (int block = 0; block < piece.blocks; block += 2) {
      // Asked for before the waits of these.
      const int next[2] = {page_of(block + 2), page_of(block + 3)};
      load_half<left, left>(shared, maps.cache, page[0], first.empty_parity());
      if (block + 1 < piece.blocks) {
        load_half<right, right>(shared, maps.cache, page[1], second.empty_parity());
        load_half<right, left>(shared, maps.cache, page[1], second.empty_parity());
        second.advance(1);
      }
      load_half<left, right>(shared, maps.cache, page[0], first.empty_parity());
      first.advance(1);
      page[0] = next[0];
      page[1] = next[1];
      if (block > 0) continue;
      // Behind the first keys, as the results before these still lie where the queries go.
      barrier_wait(shared + Shape::q_empty, queries.empty_parity());
      barrier_expect(shared + Shape::q_full, Shape::qk_bytes);
      for (int panel = 0; panel < Shape::qk_panels; ++panel) {
        load_box(shared + Shape::q_at + panel * Shape::panel_bytes, maps.q, shared + Shape::q_full,
                 panel * Shape::panel_columns, place.first_row, piece.sequence);
      }
      queries.advance(1);
    }
  }
}

/// The last keys of a sequence, of which `keys` are in this page and behind it: those that a token
/// does not see have no weight, and what a page holds behind the last key, numbers or not, no
/// values.
template <int Group>
__device__ __forceinline__ void end_sequence(Shared shared, const DecodeArguments& x, int keys,
                                             int first_row, PageScores& scores) {
  if (keys - (x.tokens - 1) >= Shape::keys) return;
  const Lane me;
  FLEETWRIGHT_UNROLL
  for (int half = 0; half < 2; ++half) {
    const int token = (first_row + me.row + 8 * half) / x.heads;
    const int seen = keys - max(x.tokens - 1 - token, 0);
    FLEETWRIGHT_UNROLL
    for (int i = 2 * half; i < Shape::keys / 2; i += 4) {
      if (i / 4 * 8 + me.column >= seen) scores[i] = -INFINITY;
      if (i / 4 * 8 + me.column + 1 >= seen) scores[i + 1] = -INFINITY;
    }
  }
  if (keys >= Shape::keys) return;
  named_barrier(1 + Group, warp_group);         // all have their scores
  const int words = (Shape::keys - keys) * 16;  // of 8 bytes, in the rows of a panel
  for (int i = static_cast<int>(threadIdx.x) % warp_group; i < words * Shape::v_panels;
       i += warp_group) {
    store_shared(
        shared + Shape::k_at(Group) + i / words * Shape::panel_bytes + keys * 128 + i % words * 8,
        0.0F, 0.0F);
  }
  fence_for_async();
  named_barrier(1 + Group, warp_group);
}

__device__ __forceinline__ void attend_left(char* memory, Shared shared, const DecodeArguments& x,
                                            const DecodePiece& piece, int first_row,
                                            RingPlace& pages, PageSoftmax& softmax,
                                            HalfSums& sums) {
  const float scale_log2 = x.scale * log2_e;
  PageScores scores;
  PageWeights weights;
  RowPair correction, largest;
  const int keys = static_cast<int>(x.operands.lengths[piece.sequence]) - piece.first * Shape::keys;
  for (int block = 0; block < piece.blocks; block += 2) {
    const bool has_right = block + 1 < piece.blocks;
    ask_for_scores<left>(shared, pages.full_parity(), scores);
    products_wait<0>();
    hold(scores);
    pages.advance(1);
    end_sequence<left>(shared, x, keys - block * Shape::keys, first_row, scores);
    largest[0] = softmax.largest[0];
    largest[1] = softmax.largest[1];
    find_largest(scores, scale_log2, largest);
    give(memory, Shape::maxima_at(left), largest);
    named_barrier_arrive(left_maxima_are_there, both_groups);
    softmax.raise(largest, correction);
    softmax.take_exponentials(scores, scale_log2);
    round_weights(scores, weights);
    multiply_rows(sums, correction);
    ask_for_own_sums<left>(shared, weights, sums);
    // Weights lie where the rotary columns did: all of the warp-group must have their scores.
    if (has_right) {
      named_barrier(right_weights_are_there, both_groups);
      take(memory, Shape::maxima_at(right), largest);
      softmax.raise(largest, correction);
      multiply_rows(scores, correction);
    } else {
      named_barrier(1 + left, warp_group);
    }
    stage_bf16<Shape::keys>(shared + Shape::weights_at(left), Shape::panel_bytes, scores);
    fence_for_async();
    named_barrier_arrive(left_weights_are_there, both_groups);
    products_wait<0>();
    hold(sums);
    release(shared + Shape::empty(left, left));
    if (!has_right) break;
    multiply_rows(sums, correction);
    ask_for_other_sums<left>(shared, sums);
    products_wait<0>();
    hold(sums);
    release(shared + Shape::empty(right, left));
  }
}

__device__ __forceinline__ void attend_right(char* memory, Shared shared, const DecodeArguments& x,
                                             const DecodePiece& piece, int first_row,
                                             RingPlace& pages, PageSoftmax& softmax,
                                             HalfSums& sums) {
  const float scale_log2 = x.scale * log2_e;
  PageScores scores;
  PageWeights weights;
  RowPair correction, largest;
  const int keys = static_cast<int>(x.operands.lengths[piece.sequence]) - piece.first * Shape::keys;
  for (int block = 1; block < piece.blocks; block += 2) {
    ask_for_scores<right>(shared, pages.full_parity(), scores);
    products_wait<0>();
    hold(scores);
    pages.advance(1);
    end_sequence<right>(shared, x, keys - block * Shape::keys, first_row, scores);
    RowPair own = {-INFINITY, -INFINITY};
    find_largest(scores, scale_log2, own);
    named_barrier(left_maxima_are_there, both_groups);
    take(memory, Shape::maxima_at(left), largest);
    largest[0] = fmaxf(largest[0], own[0]);
    largest[1] = fmaxf(largest[1], own[1]);
    give(memory, Shape::maxima_at(right), largest);
    softmax.raise(largest, correction);
    softmax.take_exponentials(scores, scale_log2);
    stage_bf16<Shape::keys>(shared + Shape::weights_at(right), Shape::panel_bytes, scores);
    fence_for_async();
    named_barrier_arrive(right_weights_are_there, both_groups);
    round_weights(scores, weights);
    multiply_rows(sums, correction);
    ask_for_own_sums<right>(shared, weights, sums);
    named_barrier(left_weights_are_there, both_groups);
    ask_for_other_sums<right>(shared, sums);
    products_wait<1>();
    release(shared + Shape::empty(right, right));
    products_wait<0>();
    hold(sums);
    release(shared + Shape::empty(left, right));
  }
  if (piece.blocks % 2 == 0) return;
  // The last page is left's alone.
  named_barrier(left_maxima_are_there, both_groups);
  take(memory, Shape::maxima_at(left), largest);
  softmax.raise(largest, correction);
  multiply_rows(sums, correction);
  named_barrier(left_weights_are_there, both_groups);
  ask_for_other_sums<right>(shared, sums);
  products_wait<0>();
  hold(sums);
  release(shared + Shape::empty(left, right));
}

/// Divides by the sums of the exponentials, in `softmax` of the warp-group's own keys, and writes
/// the rows that are there of a half of the columns: results, or partial ones in FP32.
__device__ __forceinline__ void write_results(char* memory, Shared shared, const DecodeMaps& maps,
                                              const DecodeArguments& x, const DecodePiece& piece,
                                              int first_row, int group, PageSoftmax& softmax,
                                              HalfSums& sums) {
  const Lane me;
  RowPair others, factor;
  for (float& s : softmax.sum) {
    s += __shfl_xor_sync(all_lanes, s, 1);
    s += __shfl_xor_sync(all_lanes, s, 2);
  }
  give(memory, Shape::sums_at(group), softmax.sum);
  named_barrier(both_are_done, both_groups);
  take(memory, Shape::sums_at(1 - group), others);
  const bool whole = piece.slot < 0;
  const std::size_t padded = static_cast<std::size_t>(x.row_blocks) * Shape::rows;
  const std::size_t partial = static_cast<std::size_t>(piece.slot) * padded + first_row;
  FLEETWRIGHT_UNROLL
  for (int half = 0; half < 2; ++half) {
    const float total = softmax.sum[half] + others[half];
    factor[half] = total > 0 ? 1 / total : 0;
    const int row = me.row + 8 * half;
    if (group != left || me.column != 0 || first_row + row >= x.rows) continue;
    float* const to =
        whole ? x.operands.log_sum + static_cast<std::size_t>(piece.sequence) * x.rows + first_row
              : x.partial_log_sum + partial;
    to[row] = ln_2 * softmax.largest[half] + logf(total);
  }
  multiply_rows(sums, factor);
  if (whole) {
    const Shared at = shared + Shape::q_at + group * Shape::half_panels * Shape::panel_bytes;
    stage_bf16<Shape::d_v / 2>(at, Shape::panel_bytes, sums);
    fence_for_async();
    named_barrier(1 + group, warp_group);
    if (me.leader) {
      for (int panel = 0; panel < Shape::half_panels; ++panel) {
        store_box(maps.o, at + panel * Shape::panel_bytes,
                  (group * Shape::half_panels + panel) * Shape::panel_columns, first_row,
                  piece.sequence);
      }
      commit_boxes();
      wait_for_reads_of_boxes();
    }
  } else {
    float* const to =
        x.partial_o + (partial + me.row) * Shape::d_v + group * (Shape::d_v / 2) + me.column;
    FLEETWRIGHT_UNROLL
    for (int i = 0; i < Shape::d_v / 4; i += 2) {
      *reinterpret_cast<float2*>(to + i / 2 % 2 * 8 * Shape::d_v + i / 4 * 8) =
          float2{sums[i], sums[i + 1]};
    }
  }
  release(shared + Shape::q_empty);
}

__global__ void __launch_bounds__(Shape::threads, 1)
    decode_kernel(const __grid_constant__ DecodeMaps maps,
                  const __grid_constant__ DecodeArguments x) {
  char* const memory = dynamic_shared();
  const Shared shared = shared_address(memory);
  const int group = static_cast<int>(threadIdx.x) / warp_group - 1;
  const Place place(x);
  if (threadIdx.x == 0) {
    prefetch(maps.q);
    prefetch(maps.cache);
    prefetch(maps.o);
    constexpr int warps = warp_group / warp_size;
    barrier_init(shared + Shape::q_full, 1);
    barrier_init(shared + Shape::q_empty, Shape::groups * warps);
    for (int buffer = 0; buffer < Shape::groups; ++buffer) {
      for (int panel = 0; panel < Shape::qk_panels; ++panel) {
        barrier_init(shared + Shape::full(buffer, panel), 1);
      }
      barrier_init(shared + Shape::empty(buffer, left), warps);
      barrier_init(shared + Shape::empty(buffer, right), warps);
    }
    barriers_are_initialized();
  }
  __syncthreads();
  if (group < 0) {
    give_registers<loader_registers>();
    if (threadIdx.x == 0) load_all(shared, maps, x, place);
    return;
  }
  take_registers<multiplier_registers>();
  RingPlace pages, queries;
  DecodeCursor cursor(x.schedule, place.part);
  for (DecodePiece piece; cursor.next(piece);) {
    PageSoftmax softmax;
    HalfSums sums;
    FLEETWRIGHT_UNROLL
    for (float& s : sums) s = 0;
    barrier_wait(shared + Shape::q_full, queries.full_parity());
    queries.advance(1);
    if (group == left) {
      attend_left(memory, shared, x, piece, place.first_row, pages, softmax, sums);
    } else {
      attend_right(memory, shared, x, piece, place.first_row, pages, softmax, sums);
    }
    write_results(memory, shared, maps, x, piece, place.first_row, group, softmax, sums);
  }
}

}  // namespace

void launch_decode(const DecodeMaps& maps, const DecodeArguments& x, Stream stream) {
  launch_clusters(decode_kernel,
                  {x.schedule.parts * x.row_blocks, 1, Shape::threads, Shape::shared_bytes}, stream,
                  maps, x);
}

}  // namespace fleetwright::gpu::hopper
