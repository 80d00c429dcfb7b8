#include "models/memory.hpp"

#include <algorithm>
#include <variant>

#include "models/parameters.hpp"

namespace fleetwright {
namespace {

/// Shapes that several formulas below share, on one GPU.
struct Shares {
  explicit Shares(const TrainingJob& job)
      : tp(job.strategy.tp),
        tokens(static_cast<double>(job.strategy.micro_batch) * job.sequence_length /
               job.strategy.cp),
        sharded(job.strategy.sequence_parallel ? tokens / tp : tokens) {}

  double tp;
  double tokens;
  double sharded;
};

// Widths follow arXiv 2205.05198, section 4, generalised to grouped and latent attention; softmax
// statistics are left out.
double attention_activations(const TrainingJob& job, const Shares& on) {
  const ModelConfig& m = job.model;
  const PrecisionRecipe& p = job.precision;
  const bool recomputes = job.strategy.recompute == Recompute::selective && m.latent;
  const double output = on.tokens * m.heads * m.v_head_dim() / on.tp * p.attention_output_bytes;
  double kept = on.sharded * m.hidden * p.activation_bytes + output;
  if (!recomputes) kept += on.sharded * m.hidden * p.gemm_input_bytes;
  if (m.latent) {
    const double latents = m.latent->q_rank + m.latent->kv_rank + m.latent->qk_rope;
    kept += on.tokens * latents * p.activation_bytes;
    if (!recomputes) {
      kept += on.tokens * m.heads * (2.0 * m.qk_head_dim() + m.v_head_dim()) / on.tp *
              p.activation_bytes;
    }
  } else {
    kept += on.tokens * (m.heads + 2.0 * m.kv_heads) * m.head_dim / on.tp * p.activation_bytes;
  }
  if (!job.fused_attention && job.strategy.recompute == Recompute::none) {
    // Softmax output, dropout mask and output: 5 bytes a score.
    kept += 5.0 * job.strategy.micro_batch * m.heads / on.tp * job.sequence_length *
            job.sequence_length / job.strategy.cp;
  }
  return kept;
}

// Input, up-projection and activation of `rows` through a feed-forward of this width.
double feed_forward_activations(const TrainingJob& job, double rows, double width,
                                bool keeps_activation) {
  const PrecisionRecipe& p = job.precision;
  const double up = (job.model.mlp == MlpKind::swiglu ? 2 : 1) * width;
  // Unfused, the activated half is kept for the gradient of the product.
  const bool keeps_half = job.model.mlp == MlpKind::swiglu && !job.fused_activation;
  return rows * up * p.mlp_input_bytes + (keeps_half ? rows * width * p.activation_bytes : 0) +
         (keeps_activation ? rows * width * p.gemm_input_bytes : 0);
}

double mlp_activations(const TrainingJob& job, int layer, const Shares& on) {
  const ModelConfig& m = job.model;
  const PrecisionRecipe& p = job.precision;
  const bool recomputes = job.strategy.recompute == Recompute::selective && m.latent;
  double kept = on.sharded * m.hidden * p.activation_bytes;
  if (!recomputes) kept += on.sharded * m.hidden * p.gemm_input_bytes;
  if (!m.is_moe_layer(layer)) {
    return kept + feed_forward_activations(job, on.tokens, m.ffn_hidden / on.tp, !recomputes);
  }
  const MixtureOfExperts& moe = *m.moe;
  const double rows = on.sharded * moe.active * job.strategy.etp * job.expert_imbalance;
  kept += rows * m.hidden * p.gemm_input_bytes;
  kept += feed_forward_activations(
      job, rows, static_cast<double>(moe.ffn_hidden) / job.strategy.etp, !recomputes);
  kept += feed_forward_activations(job, on.tokens, moe.shared_ffn_hidden / on.tp, !recomputes);
  return kept;
}

// What torchtitan's policy keeps of a dense layer: its input, what attention gives, and of the
// seven products every other one (q, v, the first of the gated pair, the last).
double per_operator_activations(const TrainingJob& job, const Shares& on) {
  const ModelConfig& m = job.model;
  const double widths = (m.heads * (m.head_dim + m.v_head_dim()) +
                         static_cast<double>(m.kv_heads) * m.head_dim + m.ffn_hidden) /
                        on.tp;
  return (2.0 * on.sharded * m.hidden + on.tokens * widths) * job.precision.activation_bytes;
}

double full_layer_activations(const TrainingJob& job, int layer, const Shares& on) {
  return attention_activations(job, on) + mlp_activations(job, layer, on);
}

double kept_of_layer(const TrainingJob& job, int layer, const Shares& on) {
  const Recompute recompute = job.strategy.recompute;
  if (recompute == Recompute::full) {
    return on.sharded * job.model.hidden * job.precision.activation_bytes;
  }
  const int alike = std::min(layer, job.model.layers - 1);
  const bool per_operator =
      recompute == Recompute::selective && job.selective == SelectiveRecompute::per_operator;
  if (per_operator && !job.model.is_moe_layer(alike)) return per_operator_activations(job, on);
  return full_layer_activations(job, alike, on);
}

/// Bytes that a weight gradient reads of what other passes left.
struct WeightGradientOperands {
  double expert_imbalance = 1;

  double operator()(const Gemm& g) const {
    return (g.m + g.n) * g.k * bytes_per_element(g.precision);
  }
  double operator()(const GroupedGemm& g) const {
    return (g.m + g.n) * g.k * expert_imbalance * bytes_per_element(g.precision);
  }
  double operator()(const Embedding& e) const { return e.tokens * e.hidden * 2; }
  template <typename Other>
  double operator()(const Other&) const {
    return 0;
  }
};

// ZeRO-3 has two layers gathered at a time, and embedding and head all the time; with a pipeline
// whole stages, from the first micro-batch to the last.
double gathered_parameters(const TrainingJob& job, const std::vector<StageContent>& stages,
                           const std::vector<int>& held) {
  if (job.strategy.zero_stage < 3) return 0;
  double layer = 0, root = 0;
  const auto all = [&](const StageContent& content) {
    const StageParameters p = stage_parameters(job, content);
    return p.dense + p.experts;
  };
  for (const int s : held) {
    const StageContent& stage = stages[static_cast<std::size_t>(s)];
    if (job.strategy.keeps_gathered()) {
      root += all(stage);
      continue;
    }
    if (!stage.layers.empty()) layer = std::max(layer, all({false, {stage.layers.back()}, false}));
    root += all({stage.embedding, {}, stage.head});
  }
  return (2 * layer + root) * job.precision.parameter_gather_bytes;
}

Bytes working_buffers(const TrainingJob& job, const std::vector<StageContent>& stages,
                      const std::vector<int>& held) {
  const Shares on(job);
  double layer = 0, head = 0;
  for (const int s : held) {
    const StageContent& stage = stages[static_cast<std::size_t>(s)];
    if (!stage.layers.empty()) {
      layer = std::max(layer, full_layer_activations(job, stage.layers.back(), on));
    }
    if (stage.head) head = logit_bytes(job).si();
  }
  return Bytes{layer + head + gathered_parameters(job, stages, held)};
}

}  // namespace

namespace {

StageParameters parameters_of(const TrainingJob& job, const StageContent& stage,
                              bool embedding_is_there) {
  const ModelConfig& m = job.model;
  const double tp = job.strategy.tp;
  const double expert_share = static_cast<double>(job.strategy.ep) * job.strategy.etp;
  StageParameters sum;
  const auto add_layer = [&](const LayerParameters& l) {
    sum.dense += (l.attention + l.dense_mlp + l.shared_experts) / tp + l.norms + l.router;
    sum.experts += l.routed_experts / expert_share;
  };
  for (const int layer : stage.layers) {
    add_layer(layer_parameters(m, std::min(layer, m.layers - 1)));
    if (layer >= m.layers) sum.dense += 2.0 * m.hidden * m.hidden / tp;
  }
  if (stage.embedding) sum.dense += embedding_parameters(m) / tp;
  if (stage.head) {
    // A tied head on another rank than the embedding is a copy.
    const double head =
        m.tied_embeddings && !embedding_is_there ? embedding_parameters(m) : head_parameters(m);
    sum.dense += head / tp + final_norm_parameters(m);
    // Prediction modules look tokens up in a copy of the embedding, or in the embedding itself
    // (DeepSeek-V3, arXiv 2412.19437, section 3.2.3).
    if (m.mtp_layers > 0 && !embedding_is_there) sum.dense += embedding_parameters(m) / tp;
  }
  return sum;
}

}  // namespace

Bytes logit_bytes(const TrainingJob& job) {
  const Shares on(job);
  const double width = job.chunked_loss ? job.model.hidden : job.model.vocabulary / on.tp;
  return Bytes{on.tokens * width * (job.fused_loss ? 6 : 14)};
}

StageParameters stage_parameters(const TrainingJob& job, const StageContent& stage) {
  return parameters_of(job, stage, stage.embedding);
}

StageParameters stage_parameters(const TrainingJob& job, const std::vector<StageContent>& stages,
                                 const std::vector<int>& held, int stage) {
  const auto content = [&](int s) -> const StageContent& {
    return stages[static_cast<std::size_t>(s)];
  };
  return parameters_of(job, content(stage),
                       std::ranges::any_of(held, [&](int s) { return content(s).embedding; }));
}

Bytes activation_bytes(const TrainingJob& job, const StageContent& stage) {
  const Shares on(job);
  double sum = 0;
  for (const int layer : stage.layers) {
    sum += kept_of_layer(job, layer, on);
  }
  if (stage.head) sum += on.sharded * job.model.hidden * job.precision.activation_bytes;
  return Bytes{sum};
}

StageActivations stage_activations(const TrainingJob& job, const StageContent& stage) {
  // The inputs and output gradients of the products whose weight gradient is still to come: M_W of
  // arXiv 2401.10241, table 1. Products that share an input (q_a and kv_a; the router and the
  // shared expert) each count it.
  double operands = 0;
  const OpGraph graph = stage_operators(job, stage, Pass::weight_gradient);
  for (const OpNode& node : graph.nodes()) {
    operands += std::visit(WeightGradientOperands{job.expert_imbalance}, node.op);
  }
  return {activation_bytes(job, stage), Bytes{operands}};
}

std::vector<MemoryFootprint> memory_footprints(const TrainingJob& job,
                                               const std::vector<StageContent>& stages,
                                               const PipelinePlan& plan) {
  const ParallelStrategy& s = job.strategy;
  const PrecisionRecipe& p = job.precision;
  std::vector<StageActivations> of_stage;
  for (const StageContent& stage : stages) of_stage.push_back(stage_activations(job, stage));
  const double copies = plan.copies_of_each_stage;
  const double dense_replicas = copies * s.dp * s.cp;
  const double expert_replicas = copies * s.expert_dp();
  // ZeRO (arXiv 1910.02054): stage 1 shards the optimizer, 2 the gradients, 3 the weights too.
  const auto sharded = [&](const StageParameters& held, int stage) {
    const bool shards = s.zero_stage >= stage && !(stage == 2 && s.keeps_gathered());
    return held.dense / (shards ? dense_replicas : 1) +
           held.experts / (shards ? expert_replicas : 1);
  };
  std::vector<MemoryFootprint> footprints;
  for (std::size_t rank = 0; rank < plan.slots.size(); ++rank) {
    StageParameters held;
    for (const int stage : plan.stages_of_rank[rank]) {
      const StageParameters one = stage_parameters(job, stages, plan.stages_of_rank[rank], stage);
      held.dense += one.dense;
      held.experts += one.experts;
    }
    MemoryFootprint f;
    f.weights = Bytes{sharded(held, 3) * p.weight_bytes};
    if (!job.optimizer_on_host) {
      f.gradients = Bytes{sharded(held, 2) * p.gradient_bytes};
      f.optimizer = Bytes{sharded(held, 1) * (p.master_bytes + p.moment_bytes)};
    }
    f.activations = peak_activations(plan.slots[rank], of_stage);
    f.buffers = working_buffers(job, stages, plan.stages_of_rank[rank]);
    f.buffers += f.peak() * job.memory_overhead;
    footprints.push_back(f);
  }
  return footprints;
}

}  // namespace fleetwright
