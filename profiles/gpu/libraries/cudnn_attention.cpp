#include "profiles/gpu/libraries/cudnn_attention.hpp"

#include <cmath>
#include <limits>

namespace fleetwright::gpu {
namespace {

constexpr std::size_t head = 1, token = 2, width = 3;  // dimensions, after the batch

// [batch, heads, tokens, width] over memory in the order batch, token, head, width.
TensorId activation(Graph& graph, const AttentionShape& s, std::int64_t heads,
                    std::int64_t columns) {
  return graph.in_memory({s.batch, heads, s.tokens, columns},
                         {s.tokens * heads * columns, columns, heads * columns, 1},
                         GraphType::bfloat16);
}

// The products read keys and values transposed: the same memory, described the other way round.
TensorId transposed_activation(Graph& graph, const AttentionShape& s, std::int64_t heads,
                               std::int64_t columns) {
  const TensorId t = activation(graph, s, heads, columns);
  graph.tensors[t] = graph.transposed(t, token, width);
  return t;
}

Extents scores(const AttentionShape& s) { return {s.batch, s.heads, s.tokens, s.tokens}; }
Extents rows(const AttentionShape& s) { return {s.batch, s.heads, s.tokens, 1}; }

TensorId scaled(Graph& graph, const AttentionShape& s, TensorId x) {
  const auto scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(s.d_qk)));
  return graph.binary(PointwiseOp::multiply, x, graph.constant(scale, 4));
}

TensorId index(Graph& graph, TensorId x, std::size_t axis) {
  const TensorId y = graph.inner(graph.tensors[x].size, GraphType::int32);
  PointwiseNode node;
  node.op = PointwiseOp::index;
  node.x = x;
  node.y = y;
  node.axis = static_cast<std::int64_t>(axis);
  graph.nodes.emplace_back(node);
  return y;
}

// Keys after the query count minus infinity.
TensorId masked(Graph& graph, TensorId x) {
  const TensorId query = index(graph, x, token), key = index(graph, x, width);
  PointwiseNode compare;
  compare.op = PointwiseOp::greater_or_equal;
  compare.x = query;
  compare.b = key;
  compare.y = graph.inner(graph.tensors[x].size, GraphType::boolean);
  compare.computed_in = GraphType::boolean;
  graph.nodes.emplace_back(compare);
  PointwiseNode select;
  select.op = PointwiseOp::select;
  select.x = x;
  select.b = graph.constant(-std::numeric_limits<float>::infinity(), 4);
  select.choice = compare.y;
  select.y = graph.inner(graph.tensors[x].size);
  graph.nodes.emplace_back(select);
  return select.y;
}

// x with rows and columns of each score matrix exchanged, in the operands' format.
TensorId transposed_scores(Graph& graph, TensorId x) {
  GraphTensor t = graph.transposed(x, token, width);
  t.type = GraphType::bfloat16;
  const TensorId y = graph.add(t);
  graph.nodes.emplace_back(ViewNode{x, y});
  return y;
}

// a b into `result`, whose heads may each collect those of several of a's.
void matmul_over_heads(Graph& graph, const AttentionShape& s, TensorId a, TensorId b,
                       TensorId result) {
  if (s.heads == s.kv_heads) {
    graph.matmul(a, b, result);
    return;
  }
  Extents size = graph.tensors[result].size;
  size[head] = s.heads;
  const TensorId of_each_head = graph.inner(size, GraphType::bfloat16);
  graph.matmul(a, b, of_each_head);
  graph.reduce(ReductionOp::sum, of_each_head, result);
}

}  // namespace

AttentionShape attention_shape(const Attention& op) {
  return {static_cast<std::int64_t>(op.batch),
          static_cast<std::int64_t>(op.queries),
          op.heads,
          op.kv_heads,
          op.d_qk,
          op.d_v};
}

AttentionForwardGraph attention_forward_graph(const AttentionShape& s) {
  AttentionForwardGraph f;
  Graph& graph = f.graph;
  f.q = activation(graph, s, s.heads, s.d_qk);
  f.k = transposed_activation(graph, s, s.kv_heads, s.d_qk);
  f.v = activation(graph, s, s.kv_heads, s.d_v);
  f.o = activation(graph, s, s.heads, s.d_v);
  f.log_sum = graph.in_memory(rows(s), row_major(rows(s)), GraphType::float32);

  const TensorId products = graph.inner(scores(s));
  graph.matmul(f.q, f.k, products);
  const TensorId x = masked(graph, scaled(graph, s, products));
  const TensorId largest = graph.inner(rows(s));
  graph.reduce(ReductionOp::maximum, x, largest);
  const TensorId e =
      graph.unary(PointwiseOp::exponential, graph.binary(PointwiseOp::subtract, x, largest));
  const TensorId sum = graph.inner(rows(s));
  graph.reduce(ReductionOp::sum, e, sum);
  graph.binary(PointwiseOp::add, largest, graph.unary(PointwiseOp::logarithm, sum), f.log_sum);
  const TensorId p = graph.inner(scores(s), GraphType::bfloat16);
  graph.binary(PointwiseOp::divide, e, sum, p);
  graph.matmul(p, f.v, f.o);
  return f;
}

// FlashAttention-2 (Dao 2023, arXiv 2307.08691), algorithm 2: with P = exp(S - log_sum) and
// D = rowsum(dO * O), dV = P^T dO, dS = P * (dO V^T - D), dQ = scale dS K, dK = scale dS^T Q.
AttentionBackwardGraph attention_backward_graph(const AttentionShape& s, bool deterministic) {
  AttentionBackwardGraph b;
  Graph& graph = b.graph;
  b.q = activation(graph, s, s.heads, s.d_qk);
  b.k = transposed_activation(graph, s, s.kv_heads, s.d_qk);
  b.v = transposed_activation(graph, s, s.kv_heads, s.d_v);
  b.o = activation(graph, s, s.heads, s.d_v);
  b.d_o = activation(graph, s, s.heads, s.d_v);
  b.log_sum = graph.in_memory(rows(s), row_major(rows(s)), GraphType::float32);
  b.d_q = activation(graph, s, s.heads, s.d_qk);
  b.d_k = activation(graph, s, s.kv_heads, s.d_qk);
  b.d_v = activation(graph, s, s.kv_heads, s.d_v);

  const TensorId product_sum = graph.inner(rows(s));
  graph.reduce(ReductionOp::sum, graph.binary(PointwiseOp::multiply, b.d_o, b.o), product_sum);
  const TensorId correction = graph.in_memory(rows(s), row_major(rows(s)), GraphType::float32);
  b.scratch.push_back(correction);
  // Times the survivors of dropout, of which there is none here.
  graph.binary(PointwiseOp::multiply, product_sum, graph.constant(1.0F, 4), correction);

  const TensorId products = graph.inner(scores(s));
  graph.matmul(b.q, b.k, products);
  const TensorId logarithms =
      graph.binary(PointwiseOp::subtract, scaled(graph, s, products), b.log_sum);
  const TensorId p = graph.unary(PointwiseOp::exponential, masked(graph, logarithms));
  matmul_over_heads(graph, s, transposed_scores(graph, p), b.d_o, b.d_v);

  const TensorId d_p = graph.inner(scores(s));
  graph.matmul(b.d_o, b.v, d_p);
  const TensorId d_s = scaled(
      graph, s,
      graph.binary(PointwiseOp::multiply, graph.binary(PointwiseOp::subtract, d_p, correction), p));
  matmul_over_heads(graph, s, transposed_scores(graph, d_s), b.q, b.d_k);

  GraphTensor keys = graph.transposed(b.k, token, width);
  keys.in_memory = false;
  const TensorId k = graph.add(keys);
  graph.nodes.emplace_back(ViewNode{b.k, k});
  if (deterministic) {
    graph.matmul(d_s, k, b.d_q);
    return b;
  }
  // cuDNN clears it, from 9.6 on.
  const Extents query_size = graph.tensors[b.d_q].size;
  const TensorId accumulator =
      graph.in_memory(query_size, row_major(query_size), GraphType::float32);
  b.scratch.push_back(accumulator);
  graph.matmul(d_s, k, accumulator);
  graph.unary(PointwiseOp::identity, accumulator, b.d_q);
  return b;
}

}  // namespace fleetwright::gpu
