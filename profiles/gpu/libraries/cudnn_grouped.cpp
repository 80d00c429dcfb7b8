#include "profiles/gpu/libraries/cudnn_grouped.hpp"

namespace fleetwright::gpu {

GroupedGraph grouped_graph(std::int64_t groups, std::int64_t m, std::int64_t n, std::int64_t k,
                           GraphType operands) {
  GroupedGraph g;
  Graph& graph = g.graph;
  g.tokens = graph.in_memory({1, m, k}, {m * k, k, 1}, operands);
  // cuDNN sees weights as [expert, k, n].
  g.weights = graph.in_memory({groups, k, n}, {n * k, 1, k}, operands);
  g.first_row = graph.in_memory({groups, 1, 1}, {1, 1, 1}, GraphType::int32);
  g.result = graph.in_memory({1, m, n}, {m * n, n, 1}, GraphType::bfloat16);
  if (operands != GraphType::e4m3) {
    graph.nodes.emplace_back(ExpertMatmulNode{g.tokens, g.weights, g.first_row, g.result});
    return g;
  }
  g.token_scale = graph.in_memory({1, 1, 1}, {1, 1, 1}, GraphType::float32);
  g.weight_scale = graph.in_memory({1, 1, 1}, {1, 1, 1}, GraphType::float32);
  const TensorId product = graph.inner({1, m, n});
  graph.nodes.emplace_back(ExpertMatmulNode{g.tokens, g.weights, g.first_row, product});
  graph.binary(PointwiseOp::multiply, graph.binary(PointwiseOp::multiply, product, *g.token_scale),
               *g.weight_scale, g.result);
  return g;
}

}  // namespace fleetwright::gpu
