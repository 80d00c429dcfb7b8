#pragma once

#include "models/model_config.hpp"
#include "models/precision_recipe.hpp"
#include "models/strategy.hpp"

namespace fleetwright {

/// What selective recomputation computes again, besides norms and latent up-projections.
enum class SelectiveRecompute {
  norms,           // nothing more
  core_attention,  // scores and values (Megatron, arXiv 2205.05198, section 5)
  per_operator,    // all but attention and every other product (torchtitan)
};

/// One optimizer step of a model: what is computed and how it is spread, without hardware.
struct TrainingJob {
  ModelConfig model;
  ParallelStrategy strategy;
  PrecisionRecipe precision;
  int sequence_length = 0;
  /// Attention keeps its scores on chip; else each is written and read between kernels.
  bool fused_attention = true;
  SelectiveRecompute selective = SelectiveRecompute::norms;  // where the strategy is selective
  /// Where all is recomputed: a dense layer's last product is not, as its backward pass needs no
  /// result of it.
  bool recompute_stops_early = false;
  /// Context parallelism: attention goes through the keys of one rank after the other, each of all
  /// query heads, and adds up in FP32 (PyTorch's context_parallel); else keys and values are
  /// gathered and one kernel reads them (Llama 3, arXiv 2407.21783, section 3.3.2).
  bool attention_in_blocks = false;
  /// A gated activation is one kernel; else its parts read and write memory each.
  bool fused_activation = true;
  /// The same of an activation with clamps (ModelConfig::clamped_activation), and the bias behind
  /// the experts is added by their product.
  bool fused_clamped_activation = false;
  /// Where the strategy is selective: experts compute their activation again in the backward pass.
  bool recomputes_expert_activation = false;
  /// Activation and conversion between the products of the experts are parts of those products.
  bool fused_experts = false;
  /// A kernel sorts what an exchange of tokens brings by expert, another one what goes back by
  /// rank.
  bool sorts_exchanged_tokens = false;
  /// The loss is one kernel over BF16 logits; else they are converted to FP32 and each step of the
  /// softmax is a kernel.
  bool fused_loss = true;
  /// Head and loss go through the tokens in chunks, as many as the vocabulary is wider than the
  /// model, so that logits are never there at once (Liger-Kernel, arXiv 2410.10989).
  bool chunked_loss = false;
  /// Optimizer states and the gradients handed to it are in the host's memory.
  bool optimizer_on_host = false;
  /// What the allocator holds beside the tensors, over what they take.
  double memory_overhead = 0;
  /// Products add weight gradients up in place; else a kernel of its own does, once a micro-batch.
  bool fused_gradient_accumulation = true;
  /// Tokens on the fullest expert-parallel rank over the mean, 1 when routing is balanced. Kernels
  /// run at the mean; results that come back wait for the fullest rank.
  double expert_imbalance = 1.0;
};

[[nodiscard]] inline double tokens_per_step(const TrainingJob& job) {
  return static_cast<double>(job.strategy.global_batch) * job.sequence_length;
}

}  // namespace fleetwright
