#pragma once

#include <algorithm>

#include "models/training_job.hpp"
#include "profiles/software_stack.hpp"

namespace fleetwright {

/// What a stack computes in single kernels, and again, decides which operators a job has.
inline void apply_fusions(const SoftwareStack& stack, TrainingJob& job) {
  job.fused_attention = stack.fused_attention.value;
  const std::string& selective = stack.selective_recompute.value;
  job.selective = selective == "core-attention" ? SelectiveRecompute::core_attention
                  : selective == "per-operator" ? SelectiveRecompute::per_operator
                                                : SelectiveRecompute::norms;
  job.fused_activation = stack.fused_activation.value;
  job.fused_clamped_activation = stack.fused_clamped_activation.value;
  job.recomputes_expert_activation = stack.recomputes_expert_activation.value;
  job.fused_experts = stack.fused_experts.value;
  job.sorts_exchanged_tokens = stack.sorts_exchanged_tokens.value;
  if (stack.fp8_attention.value && needs_quantization(job.precision.gemm)) {
    job.precision.attention =
        job.precision.gemm == Precision::mxfp8 ? Precision::mxfp8 : Precision::fp8;
  }
  if (stack.bf16_gradients.value) {
    job.precision.gradient_bytes = std::min(job.precision.gradient_bytes, 2.0);
    job.precision.gradient_reduce_bytes = std::min(job.precision.gradient_reduce_bytes, 2.0);
  }
  job.fused_loss = stack.fused_loss.value;
  job.chunked_loss = stack.chunked_loss.value;
  job.memory_overhead = stack.memory_overhead.value;
  job.recompute_stops_early = stack.recompute_stops_early.value;
  job.attention_in_blocks = stack.attention_in_blocks.value;
  job.optimizer_on_host = stack.optimizer_on_host.value;
  job.fused_gradient_accumulation = stack.fused_gradient_accumulation.value;
}

}  // namespace fleetwright
