#pragma once

#include <cuda_bf16.h>

#include <cstddef>

#include "profiles/gpu/device_memory.hpp"

namespace fleetwright::gpu {

// Root-mean-square normalization over rows of `columns` numbers (Zhang and Sennrich 2019, arXiv
// 1910.07467, equation 4): y = x / rms(x) * gain, rms(x) = sqrt(mean(x^2) + epsilon). Matrices are
// [rows, columns], row-major, BF16; columns a multiple of 8, at most 18,432; arithmetic in FP32. A
// launcher throws Error for other shapes.

/// With `residual`, sum = x + residual is written and normalized as written; both or neither.
struct RmsnormForward {
  const __nv_bfloat16* x = nullptr;
  const __nv_bfloat16* residual = nullptr;
  const __nv_bfloat16* gain = nullptr;  // [columns]
  __nv_bfloat16* sum = nullptr;
  __nv_bfloat16* y = nullptr;
  float* inverse_rms = nullptr;  // [rows], for the gradient
  std::size_t rows = 0;
  int columns = 0;
  float epsilon = 1e-6F;
};

/// x is what was normalized. With `residual_gradient`, it is added to the gradient of x.
struct RmsnormBackward {
  const __nv_bfloat16* y_gradient = nullptr;
  const __nv_bfloat16* x = nullptr;
  const float* inverse_rms = nullptr;
  const __nv_bfloat16* gain = nullptr;
  const __nv_bfloat16* residual_gradient = nullptr;
  __nv_bfloat16* x_gradient = nullptr;
  float* gain_gradient = nullptr;  // [columns], the sum over all rows
  float* partial_sums = nullptr;   // rmsnorm_partial_sums() floats of scratch
  std::size_t rows = 0;
  int columns = 0;
};

void rmsnorm_forward(const RmsnormForward& call, Stream stream);

[[nodiscard]] std::size_t rmsnorm_partial_sums(std::size_t rows, int columns);
/// Each block sums the gain's gradient over its rows, a second kernel adds up the blocks in a fixed
/// order: the same input gives the same bits.
void rmsnorm_backward(const RmsnormBackward& call, Stream stream);

}  // namespace fleetwright::gpu
