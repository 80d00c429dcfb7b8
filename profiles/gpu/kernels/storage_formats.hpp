#pragma once

#include <cuda_bf16.h>
#include <cuda_fp8.h>

#include <cstddef>
#include <cstdint>

#include "profiles/gpu/device_memory.hpp"
#include "profiles/gpu/kernels/scale_layout.hpp"

namespace fleetwright::gpu {

// Between BF16 and the formats that tensors are kept in until the backward pass, and FP8 weights in
// the other order. Matrices are row-major, their columns a multiple of 16, else Error.

/// What quantize_1x128 wrote, back to BF16 [rows, columns]: code times scale, ties to even.
void dequantize_1x128(const __nv_fp8_storage_t* codes, const float* scales, __nv_bfloat16* x,
                      int rows, int columns, Stream stream);

/// 32-bit words that `elements` numbers of 12 bits take.
constexpr std::size_t words_12bit(std::size_t elements) { return elements * 3 / 8; }

/// BF16 to E5M6, the format of twelve bits that DeepSeek-V3 keeps attention outputs in (arXiv
/// 2412.19437, section 3.3.3): to nearest, ties to even, beyond 2^17 - 2^10 saturated, and so is
/// NaN, which the format has no code for. Two values in three bytes, the first in the low bits: bit
/// b of value i is bit 12 i + b of the stream.
void quantize_12bit(const __nv_bfloat16* x, std::uint32_t* words, int rows, int columns,
                    Stream stream);
/// Exact: BF16 has every number of the format.
void dequantize_12bit(const std::uint32_t* words, __nv_bfloat16* x, int rows, int columns,
                      Stream stream);

/// FP8 [rows, columns] to [columns, rows]: tensor cores read both FP8 operands along the summed
/// dimension only, which is another one for the input gradient.
void transpose_fp8(const __nv_fp8_storage_t* from, __nv_fp8_storage_t* to, int rows, int columns,
                   Stream stream);

}  // namespace fleetwright::gpu
