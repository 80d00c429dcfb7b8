#pragma once

#include <cstdint>

#include "profiles/gpu/kernels/hopper/swizzle.hpp"
#include "profiles/gpu/kernels/on_both.hpp"
#include "profiles/gpu/kernels/scale_layout.hpp"

namespace fleetwright::gpu::hopper {

/// Shared memory that a block of Hopper may ask for, less what aligning it to 1,024 may take.
constexpr int shared_limit = 232448 - 1024;

/// What a block of an FP8 product has in shared memory, and who works on it: a warp-group that
/// loads and one or two that multiply, 64 rows at a time. Sizes in bytes.
struct Fp8Tile {
  int m = 0;            // 64, 128 or 256 rows of a block
  int n = 0;            // columns, a multiple of 16 (weight gradient: of 32)
  bool forward = true;  // or the weight gradient

  static constexpr int k = scale_group;

  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int consumers() const { return m == 64 ? 1 : 2; }
  /// Times 64 rows that a warp-group multiplies one after another.
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int waves() const { return m / 64 / consumers(); }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int threads() const {
    return 128 * (1 + consumers());
  }

  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int a_bytes() const { return m * k; }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int b_bytes() const { return n * k; }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int a_scale_bytes() const { return m * 4; }
  /// Scales of 128x128 are not staged.
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int b_scale_bytes() const {
    return forward ? 0 : n * 4;
  }
  /// What arrives in a stage.
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int stage_bytes() const {
    return a_bytes() + b_bytes() + a_scale_bytes() + b_scale_bytes();
  }

  // Results wait for the accelerator in panels of 64 rows of up to 128 bytes.
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int d_element() const { return forward ? 2 : 4; }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int panel_span() const {
    return swizzle_span(n * d_element());
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int panel_columns() const {
    return panel_span() / d_element();
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int panel_bytes() const { return 64 * panel_span(); }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int panels() const { return n / panel_columns(); }

  // Where things begin: a of all stages, b of all stages, d, scales of a, of b, barriers.
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int a_at(int stage) const {
    return stage * a_bytes();
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int b_at(int stage, int stages) const {
    return stages * a_bytes() + stage * b_bytes();
  }
  /// Of 64 rows of the block.
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int d_at(int strip, int stages) const {
    return b_at(stages, stages) + strip * panels() * panel_bytes();
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int a_scales_at(int stage, int stages) const {
    return d_at(m / 64, stages) + stage * a_scale_bytes();
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int b_scales_at(int stage, int stages) const {
    return a_scales_at(stages, stages) + stage * b_scale_bytes();
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int full_at(int stage, int stages) const {
    return b_scales_at(stages, stages) + stage * 8;
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int empty_at(int stage, int stages) const {
    return full_at(stages, stages) + stage * 8;
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int shared_bytes(int stages) const {
    return empty_at(stages, stages);
  }
  /// As many as fit, up to `most`.
  [[nodiscard]] constexpr int stages(int most = 8) const {
    int count = most;
    while (count > 0 && shared_bytes(count) > shared_limit) --count;
    return count;
  }
};

/// The tiles that there are kernels for.
inline constexpr Fp8Tile fp8_tiles[] = {
    {64, 64, true},   {64, 128, true},  {128, 64, true},  {128, 96, true},  {128, 112, true},
    {128, 128, true}, {128, 160, true}, {128, 192, true}, {256, 128, true}, {64, 64, false},
    {64, 128, false}, {128, 64, false}, {128, 96, false}, {128, 128, false}};

/// Most blocks of 128 columns, which share a scale of b, that a tile touches.
FLEETWRIGHT_ON_BOTH constexpr int scale_blocks_touched(int n) {
  int most = 0;
  for (int first = 0; first < scale_group * n; first += n) {
    const int touched = (first + n - 1) / scale_group - first / scale_group + 1;
    most = touched > most ? touched : most;
  }
  return most;
}

}  // namespace fleetwright::gpu::hopper
