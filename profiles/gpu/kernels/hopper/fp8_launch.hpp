#pragma once

#include "profiles/gpu/device_memory.hpp"
#include "profiles/gpu/kernels/hopper/fp8_arguments.hpp"

namespace fleetwright::gpu::hopper {

struct Fp8Launch {
  int tile_m = 0;
  int tile_n = 0;
  int cluster = 1;
  int blocks = 0;
  Fp8Maps maps;
  Fp8Arguments arguments;
};

// False for a tile that there is no kernel for.
bool launch_fp8_forward(const Fp8Launch& launch, Stream stream);
bool launch_fp8_weight_gradient(const Fp8Launch& launch, Stream stream);

}  // namespace fleetwright::gpu::hopper
