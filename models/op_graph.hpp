#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "models/operators.hpp"

namespace fleetwright {

/// The half of a layer that an operator belongs to. Schedules that interleave a forward with a
/// backward pass alternate between blocks.
enum class LayerBlock : std::uint8_t { embedding, attention, mlp, head };

using NodeId = std::uint32_t;

struct OpNode {
  Operator op;
  std::string_view name;  // "q_b", "experts up"; a literal
  int layer = 0;
  LayerBlock block = LayerBlock::attention;
  bool weight_gradient = false;  // nothing later in the pass waits for it
  std::vector<NodeId> inputs;    // earlier nodes whose results it reads
};

/// The operators of one pass of one micro-batch through a stage, on one GPU. A DAG by construction:
/// a node's inputs are earlier nodes.
class OpGraph {
 public:
  /// Nodes of later calls are placed in this layer and block.
  void enter(int layer, LayerBlock block, bool weight_gradient = false);
  /// Appends a node that reads what was appended last.
  NodeId then(std::string_view name, const Operator& op);
  /// Appends a node that reads these nodes.
  NodeId after(std::initializer_list<NodeId> inputs, std::string_view name, const Operator& op);
  /// The node appended last. The graph must not be empty.
  [[nodiscard]] NodeId last() const;

  [[nodiscard]] const std::vector<OpNode>& nodes() const { return nodes_; }
  [[nodiscard]] bool empty() const { return nodes_.empty(); }

 private:
  std::vector<OpNode> nodes_;
  int layer_ = 0;
  LayerBlock block_ = LayerBlock::attention;
  bool weight_gradient_ = false;
};

[[nodiscard]] Flop flop(const OpGraph& graph);

}  // namespace fleetwright
