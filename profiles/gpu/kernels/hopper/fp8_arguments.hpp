#pragma once

#include <cuda_bf16.h>

#include "profiles/gpu/kernels/hopper/tensor_map.hpp"
#include "profiles/gpu/kernels/hopper/tile_schedule.hpp"

namespace fleetwright::gpu::hopper {

struct Fp8Arguments {
  TileSchedule schedule;
  int stages;
  // Forward: scales of b, [groups][groups of n][groups of k, padded], and where results go whose
  // neighbours are of another group.
  const float* b_scales;
  __nv_bfloat16* d;
};

struct Fp8Maps {
  TensorMap a, b, a_scales, b_scales, d;
};

}  // namespace fleetwright::gpu::hopper
