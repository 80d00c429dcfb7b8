#pragma once

#include <cuda_bf16.h>

#include <cstddef>

#include "profiles/gpu/device_memory.hpp"

namespace fleetwright::gpu {

/// Rotary position embedding (Su et al. 2021, arXiv 2104.09864, equation 34) of x [tokens, heads *
/// head_width], BF16. Pairs are half-split, as in Llama's public weights: number i of a head turns
/// with number i + head_width / 2. `cosine` and `sine` are FP32 [tokens, head_width / 2], of the
/// angle of each token and pair. The gradient turns the other way. y may be x.
struct Rope {
  const __nv_bfloat16* x = nullptr;
  const float* cosine = nullptr;
  const float* sine = nullptr;
  __nv_bfloat16* y = nullptr;
  std::size_t tokens = 0;
  int heads = 0;
  int head_width = 64;  // or 128; others throw Error
  bool backward = false;
};

void rope(const Rope& call, Stream stream);

}  // namespace fleetwright::gpu
