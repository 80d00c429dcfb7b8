#include "models/layer_operators.hpp"

namespace fleetwright {

LayerWriter::LayerWriter(const TrainingJob& job, OpGraph& graph)
    : job_(job),
      model_(job.model),
      graph_(graph),
      quantizes_(needs_quantization(job.precision.gemm)),
      separate_layouts_(job.precision.gemm == Precision::fp8_block),
      tp_(job.strategy.tp),
      tokens_(static_cast<double>(job.strategy.micro_batch) * job.sequence_length /
              job.strategy.cp),
      sharded_tokens_(job.strategy.sequence_parallel ? tokens_ / tp_ : tokens_) {}

void LayerWriter::norm(std::string_view name, double rows, double columns, bool backward) {
  graph_.then(name, Norm{rows, columns, backward});
}

void LayerWriter::residual() {
  Elementwise add;
  add.kind = ElementwiseKind::residual_add;
  add.rows = sharded_tokens_;
  add.columns = model_.hidden;
  graph_.then("residual", add);
}

void LayerWriter::quantize(double rows, double columns, bool transpose) {
  if (!quantizes_ || (transpose && !separate_layouts_)) return;
  Quantize q{rows, columns, transpose};
  q.both_layouts = !separate_layouts_;
  graph_.then("quantize", q);
}

void LayerWriter::store(double rows, double columns, double bytes, bool back) {
  if (bytes >= job_.precision.activation_bytes) return;
  graph_.then(back ? "restore" : "store", Quantize{rows, columns, false, back, bytes});
}

// FP8 tensor cores read both operands along the summed dimension only.
void LayerWriter::transpose_weight(double rows, double columns) {
  if (!separate_layouts_) return;
  Elementwise e;
  e.kind = ElementwiseKind::transpose_weight;
  e.rows = rows;
  e.columns = columns;
  graph_.then("transpose weight", e);
}

void LayerWriter::linear_forward(const Linear& l, bool input_is_quantized) {
  if (!input_is_quantized) quantize(tokens_, l.k, false);
  graph_.then(l.name, Gemm{tokens_, l.n, l.k, job_.precision.gemm, GemmPass::forward});
}

void LayerWriter::linear_input_gradient(const Linear& l) {
  quantize(tokens_, l.n, false);
  transpose_weight(l.n, l.k);
  graph_.then(l.name, Gemm{tokens_, l.k, l.n, job_.precision.gemm, GemmPass::forward});
}

void LayerWriter::linear_weight_gradient(const Linear& l) {
  // Both operands are needed in columns of tokens (DeepSeek-V3, arXiv 2412.19437, section 3.3.2).
  quantize(tokens_, l.n, true);
  quantize(tokens_, l.k, true);
  graph_.then(l.name, Gemm{l.n, l.k, tokens_, job_.precision.gemm, GemmPass::weight_gradient,
                           job_.precision.gradient_bytes});
  accumulate_gradient(l.n * l.k);
}

// Reads the product's result, reads and writes the accumulator. Shards of ZeRO-3 are added up
// after their reduction, a share of this for each GPU.
void LayerWriter::accumulate_gradient(double parameters) {
  if (job_.fused_gradient_accumulation || job_.strategy.zero_stage >= 3) return;
  if (job_.strategy.micro_batches() == 1) return;
  Elementwise e;
  e.kind = ElementwiseKind::copy;
  e.rows = parameters;
  e.columns = (2 + 2 * job_.precision.gradient_bytes) / 4;  // a copy moves four bytes
  graph_.then("accumulate gradient", e);
}

void LayerWriter::tensor_collective(CollectiveKind kind) {
  if (tp_ == 1) return;
  graph_.then(to_string(kind),
              CollectiveCall{kind, CommunicationGroup::tensor, Bytes{tokens_ * model_.hidden * 2}});
}

// Megatron-LM (arXiv 1909.08053) with sequence parallelism (arXiv 2205.05198, figure 5).
void LayerWriter::gather_tokens() {
  if (job_.strategy.sequence_parallel) tensor_collective(CollectiveKind::all_gather);
}

void LayerWriter::reduce_tokens() {
  tensor_collective(job_.strategy.sequence_parallel ? CollectiveKind::reduce_scatter
                                                    : CollectiveKind::all_reduce);
}

void LayerWriter::embedding_forward() {
  graph_.enter(-1, LayerBlock::embedding);
  graph_.then("embedding", Embedding{tokens_, static_cast<double>(model_.hidden), false});
}

void LayerWriter::embedding_backward() {
  graph_.enter(-1, LayerBlock::embedding, true);
  graph_.then("embedding gradient", Embedding{tokens_, static_cast<double>(model_.hidden), true});
}

void LayerWriter::head_forward(int layer) {
  graph_.enter(layer, LayerBlock::head);
  const double part = model_.vocabulary / tp_;
  norm("final norm", sharded_tokens_, model_.hidden, false);
  gather_tokens();
  graph_.then("head", Gemm{tokens_, part, static_cast<double>(model_.hidden), job_.precision.head,
                           GemmPass::forward});
  graph_.then("loss", Loss{tokens_, part, false, job_.fused_loss});
}

void LayerWriter::head_input_gradient(int layer) {
  graph_.enter(layer, LayerBlock::head);
  const double part = model_.vocabulary / tp_;
  graph_.then("loss gradient", Loss{tokens_, part, true, job_.fused_loss});
  graph_.then("head", Gemm{tokens_, static_cast<double>(model_.hidden), part, job_.precision.head,
                           GemmPass::forward});
  reduce_tokens();
  norm("final norm gradient", sharded_tokens_, model_.hidden, true);
}

void LayerWriter::head_weight_gradient(int layer) {
  graph_.enter(layer, LayerBlock::head, true);
  graph_.then("head",
              Gemm{model_.vocabulary / tp_, static_cast<double>(model_.hidden), tokens_,
                   job_.precision.head, GemmPass::weight_gradient, job_.precision.gradient_bytes});
}

// DeepSeek-V3 (arXiv 2412.19437), equation 21.
void LayerWriter::prediction_input_forward(int layer) {
  graph_.enter(layer, LayerBlock::attention);
  const double h = model_.hidden;
  graph_.then("embedding", Embedding{tokens_, h, false});
  norm("mtp norm", sharded_tokens_, 2 * h, false);
  linear_forward({"mtp projection", h / tp_, 2 * h});
}

void LayerWriter::prediction_input_gradient(int layer) {
  graph_.enter(layer, LayerBlock::attention);
  const double h = model_.hidden;
  linear_input_gradient({"mtp projection", h / tp_, 2 * h});
  norm("mtp norm gradient", sharded_tokens_, 2 * h, true);
  graph_.then("embedding gradient", Embedding{tokens_, h, true});
}

void LayerWriter::prediction_input_weight_gradient(int layer) {
  graph_.enter(layer, LayerBlock::attention, true);
  const double h = model_.hidden;
  linear_weight_gradient({"mtp projection", h / tp_, 2 * h});
}

}  // namespace fleetwright
