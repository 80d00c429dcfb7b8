#pragma once

#include <cuda_bf16.h>
#include <cuda_fp8.h>

#include <cstdint>

#include "profiles/gpu/device_memory.hpp"
#include "profiles/gpu/kernels/scale_layout.hpp"

namespace fleetwright::gpu {

/// Tokens of `columns` elements, each in up to `slots` (32 at the most) rows of the expert order.
/// Below, `rows_of` [tokens, slots] says in which, -1 for none, as expert_mapping writes it.
/// Everything is row-major; rows must be multiples of 16 bytes, else the calls throw Error.
struct TokenRows {
  int tokens = 0;
  int slots = 0;
  int columns = 0;
  int rows = 0;  // in expert order; where there are scales
};

/// to[rows_of[t, s]] = from[t]: dispatched tokens into expert order. Also the gradient of
/// unpermute_reduce without weights.
void permute(const __nv_bfloat16* from, const std::int32_t* rows_of, const TokenRows& shape,
             __nv_bfloat16* to, Stream stream);

/// The same for E4M3 with scales of 1x128 elements that lie as scale_layout.hpp says, scales_1x128(
/// tokens, columns) read and scales_1x128(rows, columns) written; without scales (null) where there
/// is one a tensor.
void permute(const __nv_fp8_storage_t* from, const float* scales, const std::int32_t* rows_of,
             const TokenRows& shape, __nv_fp8_storage_t* to, float* to_scales, Stream stream);

/// to[t] = sum over s of weights[t, s] from[rows_of[t, s]], added up in FP32 in the order of s;
/// weights may be null for 1: expert outputs into token order, and the gradient of permute.
void unpermute_reduce(const __nv_bfloat16* from, const std::int32_t* rows_of, const float* weights,
                      const TokenRows& shape, __nv_bfloat16* to, Stream stream);

/// The gradient of unpermute_reduce with weights: row_gradients[rows_of[t, s]] = weights[t, s]
/// token_gradients[t], and weight_gradients[t, s] = the inner product of token_gradients[t] with
/// from[rows_of[t, s]], 0 where there is no row.
void unpermute_backward(const __nv_bfloat16* token_gradients, const __nv_bfloat16* from,
                        const std::int32_t* rows_of, const float* weights, const TokenRows& shape,
                        __nv_bfloat16* row_gradients, float* weight_gradients, Stream stream);

}  // namespace fleetwright::gpu
