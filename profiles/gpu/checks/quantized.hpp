#pragma once

#include <cuda_fp8.h>

#include <cstddef>
#include <string>
#include <vector>

#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/reference/matrix.hpp"

namespace fleetwright::gpu {

/// Scales of groups of 1x128 along the columns, or of 128x128.
enum class ScaleBlocks { vectors, squares };

/// What a kernel wrote for [rows, columns], scales as scale_layout.hpp says.
struct QuantizedOutput {
  std::vector<__nv_fp8_storage_t> codes;
  std::vector<float> scales;
  ScaleBlocks blocks = ScaleBlocks::vectors;
};

/// The scale of each block without the padding. NaN everywhere if there are too few or too many.
[[nodiscard]] reference::Matrix scales_of(const QuantizedOutput& got, std::size_t rows,
                                          std::size_t columns);

/// Four comparisons with the matrix that was to be quantized: scales; the padding of the scales;
/// codes; codes times scales, which err by a sixteenth of the value or half the smallest code.
/// `tolerance`: the relative error of what the kernel computed before it rounded.
void compare_quantized(std::vector<CheckResult>& results, const std::string& what,
                       const QuantizedOutput& got, const reference::Matrix& x, double tolerance);

}  // namespace fleetwright::gpu
