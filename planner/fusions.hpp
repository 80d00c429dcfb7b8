#pragma once

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
  job.fused_loss = stack.fused_loss.value;
  job.chunked_loss = stack.chunked_loss.value;
  job.memory_overhead = stack.memory_overhead.value;
  job.optimizer_on_host = stack.optimizer_on_host.value;
  job.fused_gradient_accumulation = stack.fused_gradient_accumulation.value;
}

}  // namespace fleetwright
