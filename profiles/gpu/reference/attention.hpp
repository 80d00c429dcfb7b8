#pragma once

#include <cstddef>
#include <vector>

namespace fleetwright::gpu::reference {

/// Causal attention; all tensors are [batch, tokens, heads, width], keys and values with kv_heads.
/// Query head h reads key head h * kv_heads / heads. Queries may be fewer than keys: the last query
/// sees all keys.
struct AttentionProblem {
  std::size_t batch = 1;
  std::size_t queries = 0;
  std::size_t keys = 0;
  std::size_t heads = 1;
  std::size_t kv_heads = 1;
  std::size_t d_qk = 0;
  std::size_t d_v = 0;
  double scale = 1;  // of the scores: 1/sqrt(d_qk) as a rule
};

struct AttentionResult {
  std::vector<double> o;        // [batch, queries, heads, d_v]
  std::vector<double> log_sum;  // [batch, heads, queries]: of the exponentials of the scores
};

struct AttentionGradients {
  std::vector<double> d_q, d_k, d_v;
};

/// o = softmax(scale q k^T) v.
[[nodiscard]] AttentionResult attention(const AttentionProblem& problem,
                                        const std::vector<double>& q, const std::vector<double>& k,
                                        const std::vector<double>& v);

/// The gradients of sum(o * d_o), by the softmax's Jacobian: dS = P * (dP - rowsum(P * dP)).
[[nodiscard]] AttentionGradients attention_backward(const AttentionProblem& problem,
                                                    const std::vector<double>& q,
                                                    const std::vector<double>& k,
                                                    const std::vector<double>& v,
                                                    const std::vector<double>& d_o);

}  // namespace fleetwright::gpu::reference
