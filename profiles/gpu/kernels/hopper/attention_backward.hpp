#pragma once

#include "profiles/gpu/kernels/hopper/attention.hpp"

namespace fleetwright::gpu::hopper {

/// Gradients and what they are computed from; tensors as of AttentionOperands.
struct AttentionGradientOperands {
  const __nv_bfloat16* q = nullptr;
  const __nv_bfloat16* k = nullptr;
  const __nv_bfloat16* v = nullptr;
  const __nv_bfloat16* o = nullptr;
  const __nv_bfloat16* d_o = nullptr;
  const float* log_sum = nullptr;  // [batch, heads, tokens], from the forward
  __nv_bfloat16* d_q = nullptr;
  __nv_bfloat16* d_k = nullptr;
  __nv_bfloat16* d_v = nullptr;
  float* mean = nullptr;     // scratch, [batch, heads, tokens]: the sums of o d_o
  float* d_q_sum = nullptr;  // scratch, as d_q
};

struct AttentionGradientMaps {
  TensorMap q, k, v, d_o, d_q_sum, d_k, d_v;
};

/// The gradients of sum(o d_o) by queries, keys and values. The sums over the keys for a query are
/// added in no fixed order. For GPUs of compute capability 9.0.
class AttentionBackward {
 public:
  /// Throws as AttentionForward does.
  AttentionBackward(const AttentionProblem& p, const AttentionGradientOperands& x);
  void run(Stream stream) const;

 private:
  AttentionProblem problem_;
  AttentionGradientOperands operands_;
  AttentionGradientMaps maps_;
};

/// The sums of o d_o; clears the sums of d_q.
void launch_attention_means(const AttentionProblem& problem,
                            const AttentionGradientOperands& operands, Stream stream);
/// All but d_q, whose sums are complete.
void launch_attention_backward(const AttentionGradientMaps& maps, const AttentionProblem& problem,
                               const AttentionGradientOperands& operands, Stream stream);
/// d_q from its sums.
void launch_attention_finish(const AttentionProblem& problem,
                             const AttentionGradientOperands& operands, Stream stream);

}  // namespace fleetwright::gpu::hopper
