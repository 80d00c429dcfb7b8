#include "profiles/gpu/libraries/cudnn_graph.hpp"

#include <utility>

namespace fleetwright::gpu {

Extents row_major(const Extents& size) {
  Extents stride(size.size(), 1);
  for (std::size_t i = size.size(); i-- > 1;) stride[i - 1] = stride[i] * size[i];
  return stride;
}

TensorId Graph::add(GraphTensor tensor) {
  tensors.push_back(std::move(tensor));
  return tensors.size() - 1;
}

TensorId Graph::in_memory(Extents size, Extents stride, GraphType type) {
  return add({std::move(size), std::move(stride), type, true, std::nullopt});
}

TensorId Graph::constant(float value, std::size_t dimensions) {
  const Extents ones(dimensions, 1);
  return add({ones, ones, GraphType::float32, false, value});
}

TensorId Graph::inner(Extents size, GraphType type) {
  Extents stride = row_major(size);
  return add({std::move(size), std::move(stride), type, false, std::nullopt});
}

GraphTensor Graph::transposed(TensorId tensor, std::size_t one, std::size_t other) const {
  GraphTensor t = tensors.at(tensor);
  std::swap(t.size.at(one), t.size.at(other));
  std::swap(t.stride.at(one), t.stride.at(other));
  return t;
}

void Graph::matmul(TensorId a, TensorId b, TensorId c) { nodes.emplace_back(MatmulNode{a, b, c}); }

void Graph::unary(PointwiseOp op, TensorId x, TensorId y) {
  nodes.emplace_back(PointwiseNode{op, x, y, {}, {}, 0, GraphType::float32});
}

void Graph::binary(PointwiseOp op, TensorId x, TensorId b, TensorId y) {
  nodes.emplace_back(PointwiseNode{op, x, y, b, {}, 0, GraphType::float32});
}

void Graph::reduce(ReductionOp op, TensorId x, TensorId y) {
  nodes.emplace_back(ReductionNode{op, x, y});
}

TensorId Graph::unary(PointwiseOp op, TensorId x) {
  const TensorId y = inner(tensors.at(x).size);
  unary(op, x, y);
  return y;
}

TensorId Graph::binary(PointwiseOp op, TensorId x, TensorId b) {
  const TensorId y = inner(tensors.at(x).size);
  binary(op, x, b, y);
  return y;
}

}  // namespace fleetwright::gpu
