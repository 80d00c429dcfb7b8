#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "profiles/gpu/device_memory.hpp"
#include "profiles/gpu/libraries/cudnn.hpp"
#include "profiles/gpu/libraries/cudnn_graph.hpp"
#include "profiles/gpu/libraries/cudnn_operations.hpp"

namespace fleetwright::gpu {

/// A graph as cuDNN compiled it: by the first engine of its heuristics that takes it, as PyTorch
/// and cuDNN's own front end choose.
class CudnnPlan {
 public:
  /// Throws Unavailable where no engine takes the graph on this GPU.
  CudnnPlan(CudnnDevice device, Graph graph);

  [[nodiscard]] std::size_t workspace_bytes() const { return workspace_bytes_; }
  /// The engine's number in cuDNN, for logs.
  [[nodiscard]] std::int64_t engine() const { return engine_; }

  /// Gives each tensor of the graph that is in memory its memory. Allocates the workspace.
  void bind(const GraphMemory& memory);
  /// Throws Error.
  void run(Stream stream);

 private:
  CudnnDevice device_;
  Graph graph_;
  CudnnOperations operations_;
  std::optional<CudnnDescriptor> plan_;
  std::optional<CudnnDescriptor> bound_;
  std::int64_t engine_ = -1;
  std::size_t workspace_bytes_ = 0;
  DeviceArray<std::byte> workspace_;
};

/// By cuDNN. Throws Unavailable for graphs that it does not take, and where memory is short.
[[nodiscard]] GraphCompiler cudnn_compiler(const CudnnDevice& device);

/// The numbers of the engines that cuDNN's heuristics offer for a graph, best first.
[[nodiscard]] std::vector<std::int64_t> cudnn_engines(const CudnnDevice& device,
                                                      const Graph& graph);

}  // namespace fleetwright::gpu
