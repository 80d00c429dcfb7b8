#pragma once

#include <cuda_bf16.h>

#include <cstddef>

#include "profiles/gpu/device_memory.hpp"
#include "profiles/gpu/kernels/adamw_settings.hpp"

namespace fleetwright::gpu {

/// One step over `size` parameters, any number: FP32 master weights and FP32 gradients; writes the
/// BF16 copy `weights` too. Arrays must start at multiples of 16 bytes. Arithmetic in FP32; BF16
/// moments (DeepSeek-V3, section 3.3.3) and weights are rounded to the nearest, ties to even, and
/// the step uses the moments as they were before they are rounded.
void adamw(const AdamW& settings, const float* gradients, float* masters, __nv_bfloat16* first,
           __nv_bfloat16* second, __nv_bfloat16* weights, std::size_t size, Stream stream);
/// The same with FP32 moments.
void adamw(const AdamW& settings, const float* gradients, float* masters, float* first,
           float* second, __nv_bfloat16* weights, std::size_t size, Stream stream);

}  // namespace fleetwright::gpu
