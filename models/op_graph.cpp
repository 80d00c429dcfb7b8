#include "models/op_graph.hpp"

#include "models/core/error.hpp"

namespace fleetwright {

void OpGraph::enter(int layer, LayerBlock block, bool weight_gradient) {
  layer_ = layer;
  block_ = block;
  weight_gradient_ = weight_gradient;
}

NodeId OpGraph::then(std::string_view name, const Operator& op) {
  OpNode node{op, name, layer_, block_, weight_gradient_, {}};
  if (!nodes_.empty()) node.inputs.push_back(last());
  nodes_.push_back(std::move(node));
  return last();
}

NodeId OpGraph::after(std::initializer_list<NodeId> inputs, std::string_view name,
                      const Operator& op) {
  for (const NodeId input : inputs)
    ensure(input < nodes_.size(), "an input must be an earlier node");
  nodes_.push_back({op, name, layer_, block_, weight_gradient_, inputs});
  return last();
}

NodeId OpGraph::last() const {
  ensure(!nodes_.empty(), "an empty graph has no last node");
  return static_cast<NodeId>(nodes_.size() - 1);
}

Flop flop(const OpGraph& graph) {
  Flop sum;
  for (const OpNode& node : graph.nodes()) sum += flop(node.op);
  return sum;
}

}  // namespace fleetwright
