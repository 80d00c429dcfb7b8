#pragma once

// Rows of a head come into shared memory and leave it in panels of 64 numbers.

#include "profiles/gpu/kernels/hopper/attention_tile.hpp"
#include "profiles/gpu/kernels/hopper/fragments.cuh"

namespace fleetwright::gpu::hopper {

/// Asks for `panels` of one head, from `row` on; the barrier counts them.
__device__ __forceinline__ void load_panels(Shared to, int panel_bytes, const TensorMap& map,
                                            Shared barrier, int panels, int head, int row) {
  barrier_expect(barrier, static_cast<std::uint32_t>(panels * panel_bytes));
  for (int panel = 0; panel < panels; ++panel) {
    load_box(to + panel * panel_bytes, map, barrier, panel * attention_panel, head, row);
  }
}

/// Rows of a head in device memory.
struct HeadRows {
  bf16* data;
  int heads, head;
  int first;  // row of all sequences
  int rows;   // that are there; the rows behind them are of the next sequence
};

/// A warp-group writes 64 rows, as far as they are there, that its threads have just staged at
/// `at`. Returns once they have been read.
template <int Columns>
__device__ __forceinline__ void write_panels(const char* memory, Shared shared, int at,
                                             int panel_bytes, const TensorMap& map,
                                             const HeadRows& x, int group) {
  fence_for_async();
  named_barrier(1 + group, warp_group);
  if (x.rows >= 64) {
    if (!Lane().leader) return;
    for (int panel = 0; panel < Columns / attention_panel; ++panel) {
      store_box(map, shared + at + panel * panel_bytes, panel * attention_panel, x.head, x.first);
    }
    commit_boxes();
    wait_for_reads_of_boxes();
    return;
  }
  const std::size_t pitch = static_cast<std::size_t>(x.heads) * Columns;
  bf16* const to = x.data + static_cast<std::size_t>(x.first) * pitch +
                   static_cast<std::size_t>(x.head) * Columns;
  copy_rows<Columns>(memory + at, panel_bytes, to, pitch, x.rows, Columns);
}

}  // namespace fleetwright::gpu::hopper
