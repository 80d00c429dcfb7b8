#pragma once

#include "profiles/gpu/kernels/hopper/fp8_tile.hpp"

namespace fleetwright::gpu::hopper {

/// Numbers of BF16 in a row of a panel.
constexpr int attention_panel = 64;

/// What a block of the attention forward has in shared memory: 128 queries, and rings of two blocks
/// of 128 keys and of their values. Matrices are panels of 64 columns, rows of 128 bytes.
struct AttentionTile {
  static constexpr int d_qk = 192;
  static constexpr int d_v = 128;
  static constexpr int queries = 128;
  static constexpr int keys = 128;
  static constexpr int consumers = 2;  // warp-groups, 64 queries each
  static constexpr int threads = 128 * (1 + consumers);
  static constexpr int stages = 2;

  static constexpr int panel_bytes = 128 * 128;
  static constexpr int qk_panels = d_qk / attention_panel;
  static constexpr int v_panels = d_v / attention_panel;
  static constexpr int qk_bytes = qk_panels * panel_bytes;
  static constexpr int v_bytes = v_panels * panel_bytes;

  // Results take the place of the queries, each warp-group's of its own.
  static constexpr int q_at = 0;
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int k_at(int stage) {
    return q_at + (1 + stage) * qk_bytes;
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int v_at(int stage) {
    return k_at(stages) + stage * v_bytes;
  }
  static constexpr int barriers_at = q_at + (1 + stages) * qk_bytes + stages * v_bytes;
  static constexpr int q_full = barriers_at;
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int k_full(int stage) {
    return barriers_at + 8 + 8 * stage;
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int k_empty(int stage) {
    return k_full(stages + stage);
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int v_full(int stage) {
    return k_full(2 * stages + stage);
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int v_empty(int stage) {
    return k_full(3 * stages + stage);
  }
  static constexpr int shared_bytes = barriers_at + 8 * (1 + 4 * stages);
};
static_assert(AttentionTile::shared_bytes <= shared_limit);

}  // namespace fleetwright::gpu::hopper
