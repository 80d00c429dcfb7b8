#pragma once

#include <cuda_runtime_api.h>
#include <fmt/core.h>

#include <string_view>

#include "models/core/error.hpp"

namespace fleetwright::gpu {

/// Throws Error with CUDA's text unless the call went well.
inline void require_cuda(cudaError_t status, std::string_view what) {
  if (status != cudaSuccess) {
    throw Error(fmt::format("{}: {}", what, cudaGetErrorString(status)));
  }
}

}  // namespace fleetwright::gpu
