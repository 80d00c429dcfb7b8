#pragma once

#include <cuda.h>

#include "profiles/gpu/kernels/hopper/tensor_box.hpp"

namespace fleetwright::gpu::hopper {

/// What the tensor memory accelerator reads to find a tile of a tensor: a kernel's parameter.
using TensorMap = CUtensorMap;

/// Throws Error for a box that breaks a rule, Unavailable without a driver that knows tensor maps.
[[nodiscard]] TensorMap encode_tensor_map(const TensorBox& box);

/// Throws Unavailable unless the current GPU is of compute capability 9.0.
void require_hopper();

}  // namespace fleetwright::gpu::hopper
