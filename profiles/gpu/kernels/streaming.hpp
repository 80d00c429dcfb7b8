#pragma once

#include <cuda_bf16.h>

#include <cstddef>

#include "profiles/gpu/device_memory.hpp"

namespace fleetwright::gpu {

// Kernels that do next to nothing but move BF16 numbers. Sizes are in numbers and multiples of 8,
// or the launchers throw Error.

/// to = from. The ceiling that other kernels are compared with.
void copy(const __nv_bfloat16* from, __nv_bfloat16* to, std::size_t size, Stream stream);

/// sum = a + b, added in FP32; sum may be a or b.
void residual_add(const __nv_bfloat16* a, const __nv_bfloat16* b, __nv_bfloat16* sum,
                  std::size_t size, Stream stream);

/// Width of the rotated key that all heads of latent attention share (DeepSeek-V2, arXiv
/// 2405.04434, equation 15).
constexpr int shared_key_width = 64;

/// Writes each row of key [rows, 64] for every head: keys [rows, heads * 64].
void broadcast_key(const __nv_bfloat16* key, __nv_bfloat16* keys, std::size_t rows, int heads,
                   Stream stream);

}  // namespace fleetwright::gpu
