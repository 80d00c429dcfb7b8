#pragma once

#include "profiles/gpu/kernels/hopper/fp8_tile.hpp"

namespace fleetwright::gpu::hopper {

/// What a block of absorbed decoding has in shared memory: 64 rows of queries and two blocks of 64
/// keys, whose first 512 columns are the values. Matrices are panels of 64 columns, rows of 128
/// bytes. Of the two warp-groups each has the scores of one of the blocks of keys, and of the
/// results of both the left or the right half of the columns.
struct DecodeTile {
  static constexpr int d_qk = 576;
  static constexpr int d_v = 512;
  static constexpr int rows = 64;
  static constexpr int keys = 64;  // of a page
  static constexpr int groups = 2;
  static constexpr int threads = 128 * (1 + groups);

  static constexpr int panel_columns = 64;
  static constexpr int panel_bytes = 64 * 128;
  static constexpr int qk_panels = d_qk / panel_columns;
  static constexpr int v_panels = d_v / panel_columns;
  static constexpr int half_panels = v_panels / 2;
  static constexpr int qk_bytes = qk_panels * panel_bytes;

  // The last panel of keys has no values: once there are scores, their weights take its place.
  static constexpr int rotary_panel = v_panels;
  // Results take the place of the queries, each warp-group's of the panels of its half.
  static constexpr int q_at = 0;
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int k_at(int buffer) {
    return q_at + (1 + buffer) * qk_bytes;
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int weights_at(int buffer) {
    return k_at(buffer) + rotary_panel * panel_bytes;
  }
  // A number of each row, from each warp-group to the other.
  static constexpr int row_bytes = rows * 4;
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int maxima_at(int group) {
    return k_at(groups) + group * row_bytes;
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int sums_at(int group) {
    return maxima_at(groups + group);
  }

  static constexpr int barriers_at = q_at + (1 + groups) * qk_bytes + 2 * groups * row_bytes;
  static constexpr int q_full = barriers_at;
  static constexpr int q_empty = barriers_at + 8;
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int full(int buffer, int panel) {
    return barriers_at + 16 + 8 * (buffer * qk_panels + panel);
  }
  /// Of the panels of a half; the rotary panel belongs to the half that is read last, which is not
  /// that of the warp-group that has the buffer's scores.
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int empty(int buffer, int half) {
    return full(groups, 0) + 8 * (2 * buffer + half);
  }
  static constexpr int shared_bytes = barriers_at + 16 + 8 * groups * (qk_panels + 2);
};
static_assert(DecodeTile::shared_bytes <= shared_limit);

}  // namespace fleetwright::gpu::hopper
