#pragma once

#include <cuda_bf16.h>
#include <cuda_fp8.h>

#include "profiles/gpu/device_memory.hpp"
#include "profiles/gpu/kernels/scale_layout.hpp"

namespace fleetwright::gpu {

// BF16 to E4M3 codes with FP32 scales, as DeepSeek-V3 trains (arXiv 2412.19437, section 3.3.2): the
// scale of a group is its largest magnitude over 448, a code is the E4M3 number nearest to value /
// scale, ties to even. A group of zeros gets a scale of 2^-100 / 448 and codes 0, so that nothing
// divides by zero; so do groups with no magnitude above 2^-100. NaN gives the code of NaN.
//
// x: [rows, columns], row-major; columns a multiple of 16, else Error. Scales lie as
// scale_layout.hpp says, and are written with their padding.

/// Groups of 1x128 along the columns (the last may be shorter). codes: [rows, columns]; scales:
/// scales_1x128(rows, columns).
void quantize_1x128(const __nv_bfloat16* x, __nv_fp8_storage_t* codes, float* scales, int rows,
                    int columns, Stream stream);

/// The same of the transpose, for the weight gradient, which sums over tokens: groups of 128 rows
/// of one column. codes: [columns, rows]; scales: scales_1x128(columns, rows).
void quantize_transpose_1x128(const __nv_bfloat16* x, __nv_fp8_storage_t* codes, float* scales,
                              int rows, int columns, Stream stream);

/// One scale for 128x128 elements, for weights. scales: scales_128x128(rows, columns).
void quantize_128x128(const __nv_bfloat16* x, __nv_fp8_storage_t* codes, float* scales, int rows,
                      int columns, Stream stream);

/// The same, and its transpose for the input gradient. transposed_codes: [columns, rows];
/// transposed_scales: scales_128x128(columns, rows).
void quantize_transpose_128x128(const __nv_bfloat16* x, __nv_fp8_storage_t* codes, float* scales,
                                __nv_fp8_storage_t* transposed_codes, float* transposed_scales,
                                int rows, int columns, Stream stream);

}  // namespace fleetwright::gpu
