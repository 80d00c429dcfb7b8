#pragma once

#include "profiles/gpu/kernels/hopper/attention_tile.hpp"

namespace fleetwright::gpu::hopper {

/// What a block of the attention backward has in shared memory: 128 keys and their values, rings of
/// two blocks of 64 queries and of the gradients of their results, the gradients of the scores of
/// one block (a line of 64 queries a key), and the gradients of the queries on their way to device
/// memory. Matrices are panels of 128 bytes a row: 64 numbers, 32 of FP32.
struct AttentionBackwardTile {
  static constexpr int d_qk = 192;
  static constexpr int d_v = 128;
  static constexpr int keys = 128;
  static constexpr int queries = 64;
  static constexpr int consumers = 2;  // warp-groups, 64 keys each
  static constexpr int threads = 128 * (1 + consumers);
  static constexpr int stages = 2;
  /// Of the gradients of the queries, those that a warp-group computes: half.
  static constexpr int d_q_columns = d_qk / consumers;

  static constexpr int fp32_columns = 32;
  static constexpr int key_panel = keys * 128;
  static constexpr int query_panel = queries * 128;
  static constexpr int qk_panels = d_qk / attention_panel;
  static constexpr int v_panels = d_v / attention_panel;
  static constexpr int d_q_panels = d_q_columns / fp32_columns;  // of a warp-group
  static constexpr int q_bytes = qk_panels * query_panel;
  static constexpr int d_o_bytes = v_panels * query_panel;
  static constexpr int row_bytes = queries * 4;

  // The gradients of keys and values take their place at the end.
  static constexpr int k_at = 0;
  static constexpr int v_at = k_at + qk_panels * key_panel;
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int q_at(int stage) {
    return v_at + v_panels * key_panel + stage * q_bytes;
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int d_o_at(int stage) {
    return q_at(stages) + stage * d_o_bytes;
  }
  static constexpr int d_scores_at = v_at + v_panels * key_panel + stages * (q_bytes + d_o_bytes);
  static constexpr int d_scores_bytes = keys * queries * 2;
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int d_q_at(int group) {
    return d_scores_at + d_scores_bytes + group * d_q_panels * query_panel;
  }
  /// Of each query the logarithm of the sum of its exponentials, and the sum of o d_o.
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int log_sum_at(int stage) {
    return d_q_at(consumers) + stage * 2 * row_bytes;
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int mean_at(int stage) {
    return log_sum_at(stage) + row_bytes;
  }
  static constexpr int barriers_at =
      d_scores_at + d_scores_bytes + consumers * d_q_panels * query_panel + stages * 2 * row_bytes;
  static constexpr int kv_full = barriers_at;
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int q_full(int stage) {
    return barriers_at + 8 + 8 * stage;
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int d_o_full(int stage) {
    return q_full(stages + stage);
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int rows_full(int stage) {
    return q_full(2 * stages + stage);
  }
  /// Of all three.
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int empty(int stage) {
    return q_full(3 * stages + stage);
  }
  static constexpr int shared_bytes = barriers_at + 8 * (1 + 4 * stages);
};
static_assert(AttentionBackwardTile::shared_bytes <= shared_limit);

}  // namespace fleetwright::gpu::hopper
