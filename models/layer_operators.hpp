#pragma once

#include "models/op_graph.hpp"
#include "models/training_job.hpp"

namespace fleetwright {

/// Writes the operators of one layer's blocks into a graph, for the share of one GPU. Shapes:
/// tokens of a micro-batch on this GPU by columns divided over tensor parallelism.
class LayerWriter {
 public:
  LayerWriter(const TrainingJob& job, OpGraph& graph);

  void attention_forward(int layer);
  void attention_input_gradient(int layer);
  void attention_weight_gradient(int layer);

  void mlp_forward(int layer);
  /// The forward pass again, up to what its backward pass needs.
  void mlp_recompute(int layer);
  void mlp_input_gradient(int layer);
  void mlp_weight_gradient(int layer);

  void embedding_forward();
  void embedding_backward();
  void head_forward(int layer);
  void head_input_gradient(int layer);
  void head_weight_gradient(int layer);

  /// The 2h -> h projection in front of a multi-token prediction layer, with its norms and look-up.
  void prediction_input_forward(int layer);
  void prediction_input_gradient(int layer);
  void prediction_input_weight_gradient(int layer);

 private:
  struct Linear {
    std::string_view name;
    double n = 0;
    double k = 0;
  };

  [[nodiscard]] bool recomputes(SelectiveRecompute what) const {
    return job_.strategy.recompute == Recompute::selective && job_.selective == what;
  }
  void norm(std::string_view name, double rows, double columns, bool backward);
  void residual();
  void linear_forward(const Linear& l, bool input_is_quantized = false);
  void linear_input_gradient(const Linear& l);
  void linear_weight_gradient(const Linear& l);
  void quantize(double rows, double columns, bool transpose);
  /// Dispatch sends what the experts' products read, so that it is converted before.
  [[nodiscard]] bool sends_quantized() const {
    return quantizes_ && job_.precision.dispatch_bytes < 2;
  }
  /// Converts what is kept for the backward pass into its storage format or back, if it has one.
  void store(double rows, double columns, double bytes, bool back);
  void transpose_weight(double rows, double columns);
  void accumulate_gradient(double parameters);
  void
  gather_tokens();  // tensor parallelism with sequence parallelism: before a column-split product
  void reduce_tokens();  // after a row-split product
  void tensor_collective(CollectiveKind kind);

  [[nodiscard]] std::vector<Linear> attention_inputs() const;  // products in front of the attention
  [[nodiscard]] Linear attention_output() const;
  [[nodiscard]] std::vector<Linear> latent_up() const;
  void latent_up_forward();
  void rope(bool backward);
  [[nodiscard]] Attention attention(int layer, bool backward) const;
  void attention_kernels(int layer, bool backward);
  void merge_blocks(bool backward);
  void context_collective(CollectiveKind kind);

  void dense_forward(double hidden);
  void recompute_dense();
  void dense_input_gradient(double hidden, bool with_norm);
  void dense_weight_gradient(double hidden);
  void activation(double rows, double columns, bool backward);
  [[nodiscard]] bool fuses_experts() const {
    return job_.fused_experts && (!model_.clamped_activation || job_.fused_clamped_activation);
  }
  void expert_bias(bool backward);
  void experts_forward();
  void experts_input_gradient();
  void experts_weight_gradient();
  void expert_collective(CollectiveKind kind);
  void sort_exchanged(double bytes);
  [[nodiscard]] Linear up(double hidden) const;
  [[nodiscard]] Linear down(double hidden) const;
  [[nodiscard]] double expert_rows() const;  // that the experts of a GPU compute, in the mean
  [[nodiscard]] double arriving_tokens()
      const;  // distinct ones on it; several may go to one expert
  [[nodiscard]] GroupedGemm experts(double n, double k, GemmPass pass) const;

  const TrainingJob& job_;
  const ModelConfig& model_;
  OpGraph& graph_;
  bool quantizes_ = false;
  /// Operands of weight gradients and transposed weights are made by kernels of their own, as
  /// DeepSeek does; Transformer Engine's casts write both layouts, and weights once a step.
  bool separate_layouts_ = false;
  double tp_ = 1;
  double tokens_ = 0;          // of a micro-batch on this GPU
  double sharded_tokens_ = 0;  // of those that sequence parallelism leaves on it
};

}  // namespace fleetwright
