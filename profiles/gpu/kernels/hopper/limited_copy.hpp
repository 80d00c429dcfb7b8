#pragma once

#include <cuda_bf16.h>

#include <cstddef>

#include "profiles/gpu/device_memory.hpp"

namespace fleetwright::gpu::hopper {

/// Copies `size` numbers (a multiple of 8) again and again, by one block an SM on so many SMs: as a
/// communication kernel has some SMs for itself beside products on the others.
void copy_on_some(int sms, const __nv_bfloat16* from, __nv_bfloat16* to, std::size_t size,
                  int times, Stream stream);

}  // namespace fleetwright::gpu::hopper
