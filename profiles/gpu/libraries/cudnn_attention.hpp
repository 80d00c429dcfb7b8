#pragma once

#include <cstdint>
#include <vector>

#include "models/operators.hpp"
#include "profiles/gpu/libraries/cudnn_graph.hpp"

namespace fleetwright::gpu {

/// Causal self-attention of a training step: queries[batch, tokens, heads, d_qk], keys[batch,
/// tokens, kv_heads, d_qk] and so on, as the projections around it write and read them.
struct AttentionShape {
  std::int64_t batch = 1;
  std::int64_t tokens = 0;
  std::int64_t heads = 0;
  std::int64_t kv_heads = 0;
  std::int64_t d_qk = 0;
  std::int64_t d_v = 0;

  [[nodiscard]] std::int64_t query_elements() const { return batch * tokens * heads * d_qk; }
  [[nodiscard]] std::int64_t key_elements() const { return batch * tokens * kv_heads * d_qk; }
  [[nodiscard]] std::int64_t value_elements() const { return batch * tokens * kv_heads * d_v; }
  [[nodiscard]] std::int64_t output_elements() const { return batch * tokens * heads * d_v; }
  /// One for each row of scores: [batch, heads, tokens].
  [[nodiscard]] std::int64_t row_elements() const { return batch * heads * tokens; }
};

[[nodiscard]] AttentionShape attention_shape(const Attention& op);

/// o = softmax(scale q k^T) v, and the logarithm of each row's sum of exponentials.
struct AttentionForwardGraph {
  Graph graph;
  TensorId q = 0, k = 0, v = 0, o = 0, log_sum = 0;
};

/// The gradients; `scratch` is memory that the graph passes from one kernel to the next.
struct AttentionBackwardGraph {
  Graph graph;
  TensorId q = 0, k = 0, v = 0, o = 0, log_sum = 0, d_o = 0, d_q = 0, d_k = 0, d_v = 0;
  std::vector<TensorId> scratch;
};

// The patterns that cuDNN 9 knows as fused attention (its documentation of scaled dot-product
// attention; written out because the single operations of 9.19 take no causal mask).
[[nodiscard]] AttentionForwardGraph attention_forward_graph(const AttentionShape& shape);
/// Deterministic: the gradient of the queries is summed in a fixed order, through a workspace that
/// grows with tokens squared; else in FP32 by atomic additions.
[[nodiscard]] AttentionBackwardGraph attention_backward_graph(const AttentionShape& shape,
                                                              bool deterministic);

}  // namespace fleetwright::gpu
