#pragma once

#include <cuda_bf16.h>

#include "profiles/gpu/device_memory.hpp"
#include "profiles/gpu/kernels/hopper/attention_problem.hpp"
#include "profiles/gpu/kernels/hopper/tensor_map.hpp"

namespace fleetwright::gpu::hopper {

struct AttentionOperands {
  const __nv_bfloat16* q = nullptr;
  const __nv_bfloat16* k = nullptr;
  const __nv_bfloat16* v = nullptr;
  __nv_bfloat16* o = nullptr;
  float* log_sum = nullptr;  // [batch, heads, tokens]: of the exponentials of the scores
};

struct AttentionMaps {
  TensorMap q, k, v, o;
};

/// o = softmax(scale q k^T) v. For GPUs of compute capability 9.0.
class AttentionForward {
 public:
  /// Throws Error for sizes that are not positive or heads that key heads do not divide,
  /// Unavailable where the GPU or its driver cannot.
  AttentionForward(const AttentionProblem& problem, const AttentionOperands& operands);
  void run(Stream stream) const;

 private:
  AttentionProblem problem_;
  AttentionOperands operands_;
  AttentionMaps maps_;
};

void launch_attention_forward(const AttentionMaps& maps, const AttentionProblem& problem,
                              const AttentionOperands& operands, Stream stream);

}  // namespace fleetwright::gpu::hopper
