#pragma once

#include <cuda_bf16.h>
#include <cuda_fp8.h>

#include <cstddef>
#include <cstdint>

#include "profiles/gpu/device_memory.hpp"

namespace fleetwright::gpu {

// Numbers for timing, made on the GPU: roughly normal, of this standard deviation; the same seed
// gives the same numbers. Never zeros, which cost less power and so run faster.
void fill_random(__nv_bfloat16* to, std::size_t size, std::uint64_t seed, float scale,
                 Stream stream);
void fill_random(float* to, std::size_t size, std::uint64_t seed, float scale, Stream stream);
/// E4M3 codes.
void fill_random(__nv_fp8_storage_t* to, std::size_t size, std::uint64_t seed, float scale,
                 Stream stream);
/// Whole numbers in [0, below).
void fill_random(std::int32_t* to, std::size_t size, std::uint64_t seed, std::int32_t below,
                 Stream stream);

}  // namespace fleetwright::gpu
