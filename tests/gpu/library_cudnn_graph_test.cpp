#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "profiles/gpu/libraries/cudnn_attention.hpp"
#include "profiles/gpu/libraries/cudnn_grouped.hpp"
#include "profiles/gpu/reference/attention.hpp"
#include "tests/gpu/library_graph_interpreter.hpp"

namespace fleetwright::gpu {
namespace {

std::vector<double> random(std::int64_t size, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  std::vector<double> values(static_cast<std::size_t>(size));
  for (double& v : values) v = normal(engine);
  return values;
}

void expect_near(const std::vector<double>& got, const std::vector<double>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_NEAR(got[i], expected[i], 1e-6) << "element " << i;
  }
}

// Many heads and few, as many as keys have and more; widths of queries and values that differ.
const AttentionShape shapes[] = {
    {1, 5, 1, 1, 4, 4}, {2, 7, 4, 2, 6, 4}, {1, 3, 6, 1, 2, 8}, {2, 4, 3, 3, 12, 8}};

reference::AttentionProblem problem(const AttentionShape& s) {
  reference::AttentionProblem p;
  p.batch = static_cast<std::size_t>(s.batch);
  p.queries = p.keys = static_cast<std::size_t>(s.tokens);
  p.heads = static_cast<std::size_t>(s.heads);
  p.kv_heads = static_cast<std::size_t>(s.kv_heads);
  p.d_qk = static_cast<std::size_t>(s.d_qk);
  p.d_v = static_cast<std::size_t>(s.d_v);
  p.scale = 1 / std::sqrt(static_cast<double>(s.d_qk));
  return p;
}

TEST(CudnnAttentionGraph, ComputesAttention) {
  for (const AttentionShape& s : shapes) {
    const auto q = random(s.query_elements(), 1), k = random(s.key_elements(), 2),
               v = random(s.value_elements(), 3);
    const AttentionForwardGraph f = attention_forward_graph(s);
    const GraphInterpreter computed(f.graph, {{f.q, q}, {f.k, k}, {f.v, v}});
    const reference::AttentionResult expected = reference::attention(problem(s), q, k, v);
    expect_near(computed.memory(f.o), expected.o);
    expect_near(computed.memory(f.log_sum), expected.log_sum);
  }
}

TEST(CudnnAttentionGraph, ComputesTheGradients) {
  for (const bool deterministic : {false, true}) {
    for (const AttentionShape& s : shapes) {
      const auto q = random(s.query_elements(), 1), k = random(s.key_elements(), 2),
                 v = random(s.value_elements(), 3), d_o = random(s.output_elements(), 4);
      const reference::AttentionResult forward = reference::attention(problem(s), q, k, v);
      const AttentionBackwardGraph b = attention_backward_graph(s, deterministic);
      const GraphInterpreter computed(b.graph, {{b.q, q},
                                                {b.k, k},
                                                {b.v, v},
                                                {b.o, forward.o},
                                                {b.log_sum, forward.log_sum},
                                                {b.d_o, d_o}});
      const auto expected = reference::attention_backward(problem(s), q, k, v, d_o);
      expect_near(computed.memory(b.d_q), expected.d_q);
      expect_near(computed.memory(b.d_k), expected.d_k);
      expect_near(computed.memory(b.d_v), expected.d_v);
    }
  }
}

TEST(CudnnAttentionGraph, KeepsOnlyOperandsResultsAndScratchInMemory) {
  const AttentionBackwardGraph b = attention_backward_graph(shapes[1], false);
  std::size_t in_memory = 0;
  for (const GraphTensor& t : b.graph.tensors) in_memory += t.in_memory ? 1 : 0;
  EXPECT_EQ(in_memory, 9 + b.scratch.size());
  for (const TensorId id : b.scratch) EXPECT_EQ(b.graph.tensors[id].type, GraphType::float32);
}

TEST(CudnnAttentionGraph, TakesTheShapeOfTheOperator) {
  Attention op;
  op.batch = 2;
  op.queries = op.keys = 4096;
  op.heads = 128;
  op.kv_heads = 8;
  op.d_qk = 192;
  op.d_v = 128;
  const AttentionShape s = attention_shape(op);
  EXPECT_EQ(s.query_elements(), 2 * 4096 * 128 * 192);
  EXPECT_EQ(s.key_elements(), 2 * 4096 * 8 * 192);
  EXPECT_EQ(s.value_elements(), 2 * 4096 * 8 * 128);
  EXPECT_EQ(s.output_elements(), 2 * 4096 * 128 * 128);
  EXPECT_EQ(s.row_elements(), 2 * 4096 * 128);
}

TEST(CudnnGroupedGraph, MultipliesEachExpertsRowsWithItsWeights) {
  constexpr std::int64_t groups = 3, m = 7, n = 4, k = 5;
  const auto tokens = random(m * k, 1), weights = random(groups * n * k, 2);
  const std::vector<double> first_row = {0, 2, 2};  // the second expert has none
  const std::size_t expert_of[] = {0, 0, 2, 2, 2, 2, 2};
  for (const GraphType type : {GraphType::bfloat16, GraphType::e4m3}) {
    const GroupedGraph g = grouped_graph(groups, m, n, k, type);
    std::map<TensorId, std::vector<double>> memory{
        {g.tokens, tokens}, {g.weights, weights}, {g.first_row, first_row}};
    ASSERT_EQ(g.token_scale.has_value(), type == GraphType::e4m3);
    double scale = 1;
    if (g.token_scale) {
      memory[*g.token_scale] = {0.5};
      memory[*g.weight_scale] = {3};
      scale = 1.5;
    }
    const GraphInterpreter computed(g.graph, memory);
    std::vector<double> expected;
    for (std::size_t row = 0; row < m; ++row) {
      for (std::size_t column = 0; column < n; ++column) {
        double sum = 0;
        for (std::size_t i = 0; i < k; ++i) {
          sum += tokens[row * k + i] * weights[(expert_of[row] * n + column) * k + i];
        }
        expected.push_back(scale * sum);
      }
    }
    expect_near(computed.memory(g.result), expected);
  }
}

}  // namespace
}  // namespace fleetwright::gpu
