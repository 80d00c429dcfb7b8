#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "profiles/gpu/device_memory.hpp"

namespace fleetwright::gpu {

// A computation as cuDNN takes it: tensors, and operations that read and write them. Plain data, so
// that it can be built, looked at and computed where there is neither cuDNN nor a GPU.

enum class GraphType : std::uint8_t { bfloat16, float32, int32, boolean, e4m3 };

using Extents = std::vector<std::int64_t>;

/// Where the elements of a tensor are (in elements), and what they are.
struct GraphTensor {
  Extents size;
  Extents stride;
  GraphType type = GraphType::float32;
  bool in_memory = false;      // given at a launch; else it never leaves the kernel
  std::optional<float> value;  // a number known now, for a tensor of one element
};

/// An index into Graph::tensors.
using TensorId = std::size_t;

/// c = a b, over the last two dimensions; heads of b may be fewer (grouped queries).
struct MatmulNode {
  TensorId a = 0, b = 0, c = 0;
};

enum class PointwiseOp : std::uint8_t {
  multiply,
  add,
  subtract,
  divide,
  exponential,
  logarithm,
  identity,
  index,             // y = the position along `axis`
  greater_or_equal,  // y = x >= b
  select             // y = choice ? x : b
};

/// y = op(x, b), element by element; dimensions of one element are repeated.
struct PointwiseNode {
  PointwiseOp op = PointwiseOp::identity;
  TensorId x = 0, y = 0;
  std::optional<TensorId> b;
  std::optional<TensorId> choice;
  std::int64_t axis = 0;
  GraphType computed_in = GraphType::float32;
};

enum class ReductionOp : std::uint8_t { sum, maximum };

/// Over the dimensions that y has fewer elements in than x; where y has more than one, x's elements
/// are summed in runs (heads that share a key).
struct ReductionNode {
  ReductionOp op = ReductionOp::sum;
  TensorId x = 0, y = 0;
};

/// y is x seen with another size and stride.
struct ViewNode {
  TensorId x = 0, y = 0;
};

/// Rows of `tokens` [1, m, k] from first_row[e] to first_row[e + 1] times weights[e, k, n].
struct ExpertMatmulNode {
  TensorId tokens = 0, weights = 0, first_row = 0, result = 0;
};

using GraphNode =
    std::variant<MatmulNode, PointwiseNode, ReductionNode, ViewNode, ExpertMatmulNode>;

/// Nodes in an order in which they can be computed.
struct Graph {
  std::vector<GraphTensor> tensors;
  std::vector<GraphNode> nodes;

  TensorId add(GraphTensor tensor);
  /// Given at a launch.
  TensorId in_memory(Extents size, Extents stride, GraphType type);
  TensorId constant(float value, std::size_t dimensions);
  /// Row-major, inside the kernel.
  TensorId inner(Extents size, GraphType type = GraphType::float32);
  /// The same elements, with two dimensions exchanged: another descriptor of the same memory.
  [[nodiscard]] GraphTensor transposed(TensorId tensor, std::size_t one, std::size_t other) const;

  void matmul(TensorId a, TensorId b, TensorId c);
  void unary(PointwiseOp op, TensorId x, TensorId y);
  void binary(PointwiseOp op, TensorId x, TensorId b, TensorId y);
  void reduce(ReductionOp op, TensorId x, TensorId y);
  /// The result of a unary or binary operation in a new inner tensor of x's size.
  TensorId unary(PointwiseOp op, TensorId x);
  TensorId binary(PointwiseOp op, TensorId x, TensorId b);
};

/// Where the tensors of a graph are that are in memory.
using GraphMemory = std::map<TensorId, void*>;
/// Queues the computation of a graph.
using GraphLaunch = std::function<void(Stream)>;
/// Makes a graph ready to be launched on this memory again and again.
using GraphCompiler = std::function<GraphLaunch(const Graph&, const GraphMemory&)>;

[[nodiscard]] Extents row_major(const Extents& size);

}  // namespace fleetwright::gpu
