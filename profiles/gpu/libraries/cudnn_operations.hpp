#pragma once

#include <cstdint>
#include <vector>

#include "profiles/gpu/libraries/cudnn.hpp"
#include "profiles/gpu/libraries/cudnn_graph.hpp"

namespace fleetwright::gpu {

/// A graph in cuDNN's own objects.
struct CudnnOperations {
  std::vector<CudnnDescriptor> parts;  // tensors and operations, which the graph refers to
  CudnnDescriptor graph;
};

/// Throws Unavailable with the node that cuDNN does not take.
[[nodiscard]] CudnnOperations cudnn_operations(const CudnnDevice& device, const Graph& graph);

/// How cuDNN knows a tensor at a launch.
[[nodiscard]] constexpr std::int64_t unique_id(TensorId tensor) {
  return static_cast<std::int64_t>(tensor) + 1;
}

}  // namespace fleetwright::gpu
