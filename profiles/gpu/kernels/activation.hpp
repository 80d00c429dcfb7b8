#pragma once

#include <cuda_bf16.h>
#include <cuda_fp8.h>

#include "profiles/gpu/device_memory.hpp"
#include "profiles/gpu/kernels/scale_layout.hpp"

namespace fleetwright::gpu {

/// SwiGLU (Shazeer 2020, arXiv 2002.05202): silu(gate) * up, where a row of the input is the gates
/// and then the ups. Or GELU of a plain input, by the approximation with tanh (Hendrycks and Gimpel
/// 2016, arXiv 1606.08415, section 2).
enum class Activation { swiglu, gelu };

/// Columns of the input whose output has this many.
constexpr int input_columns(Activation activation, int columns) {
  return activation == Activation::swiglu ? 2 * columns : columns;
}

// x: [rows, input_columns], y, dy, product: [rows, columns], dx: [rows, input_columns], all BF16
// and row-major; columns a multiple of 16, else Error. Computed in FP32.

void activation_forward(Activation activation, const __nv_bfloat16* x, __nv_bfloat16* y, int rows,
                        int columns, Stream stream);

/// The output as quantize_1x128 would give it, but of the FP32 value: codes [rows, columns], scales
/// scales_1x128(rows, columns).
void activation_forward_quantize(Activation activation, const __nv_bfloat16* x,
                                 __nv_fp8_storage_t* codes, float* scales, int rows, int columns,
                                 Stream stream);

/// dx of dy. Where `product` is not null it gets the forward output, computed again, which the
/// weight gradient of the next product reads.
void activation_backward(Activation activation, const __nv_bfloat16* x, const __nv_bfloat16* dy,
                         __nv_bfloat16* dx, __nv_bfloat16* product, int rows, int columns,
                         Stream stream);

}  // namespace fleetwright::gpu
