#pragma once

#include "profiles/gpu/kernels/on_both.hpp"

namespace fleetwright::gpu {

// Where FP32 scales of FP8 operands lie, as cuBLASLt reads them (cuBLAS 13 documentation,
// "128-element 1D and 128x128 2D block scaling"). For an operand [rows, columns] whose columns are
// summed over:
// - one for 1x128 elements (VEC128_32F): [scale_groups(columns)][scale_pitch(rows)], so that the
//   scales of neighbouring rows are neighbours;
// - one for 128x128 elements (BLK128x128_32F): [scale_groups(rows)][scale_pitch(groups of
// columns)]. What the pitch adds is 0.

/// Elements that share a scale, along the columns or both ways.
constexpr int scale_group = 128;

FLEETWRIGHT_ON_BOTH constexpr int scale_groups(int elements) {
  return (elements + scale_group - 1) / scale_group;
}
/// Length of a row of scales.
FLEETWRIGHT_ON_BOTH constexpr int scale_pitch(int scales) { return (scales + 3) / 4 * 4; }

/// How many scales [rows, columns] has with the padding.
constexpr int scales_1x128(int rows, int columns) {
  return scale_groups(columns) * scale_pitch(rows);
}
constexpr int scales_128x128(int rows, int columns) {
  return scale_groups(rows) * scale_pitch(scale_groups(columns));
}

}  // namespace fleetwright::gpu
