#pragma once

#include <cuda.h>

#include "profiles/gpu/kernels/hopper/tensor_box.hpp"

namespace fleetwright::gpu::hopper {

/// What the tensor memory accelerator reads to find a tile of a tensor: a kernel's parameter.
using TensorMap = CUtensorMap;

/// Throws Error for a box that breaks a rule, Unavailable without a driver that knows tensor maps.
[[nodiscard]] TensorMap encode_tensor_map(const TensorBox& box);

}  // namespace fleetwright::gpu::hopper
