#include "models/layer_operators.hpp"

namespace fleetwright {

// Latent attention (DeepSeek-V2, arXiv 2405.04434, equations 9 to 19). The down-projections are not
// split over tensor parallelism, the up-projections are.
std::vector<LayerWriter::Linear> LayerWriter::attention_inputs() const {
  const double h = model_.hidden;
  if (!model_.latent) {
    const double kv = static_cast<double>(model_.kv_heads) * model_.head_dim;
    const double q = static_cast<double>(model_.heads) * model_.head_dim;
    return {{"qkv", (q + 2 * kv) / tp_, h}};
  }
  const LatentAttention& l = *model_.latent;
  const double q = static_cast<double>(model_.heads) * model_.qk_head_dim();
  std::vector<Linear> down;
  if (l.q_rank > 0) down.push_back({"q_a", static_cast<double>(l.q_rank), h});
  if (l.q_rank == 0) down.push_back({"q", q / tp_, h});
  down.push_back({"kv_a", static_cast<double>(l.kv_rank + l.qk_rope), h});
  return down;
}

std::vector<LayerWriter::Linear> LayerWriter::latent_up() const {
  if (!model_.latent) return {};
  const LatentAttention& l = *model_.latent;
  const double heads = model_.heads / tp_;
  std::vector<Linear> up;
  if (l.q_rank > 0) {
    up.push_back({"q_b", heads * model_.qk_head_dim(), static_cast<double>(l.q_rank)});
  }
  up.push_back({"kv_b", heads * (l.qk_nope + l.v), static_cast<double>(l.kv_rank)});
  return up;
}

LayerWriter::Linear LayerWriter::attention_output() const {
  return {"o", static_cast<double>(model_.hidden),
          static_cast<double>(model_.heads) * model_.v_head_dim() / tp_};
}

void LayerWriter::latent_up_forward() {
  for (const Linear& l : latent_up()) {
    norm("latent norm", tokens_, l.k, false);
    linear_forward(l);
  }
}

// With latent attention only a part of each head is rotated, and the rotated key, shared by all
// heads, is written out beside the others so that an ordinary attention kernel can read it.
void LayerWriter::rope(bool backward) {
  if (model_.learned_positions > 0) return;
  const auto stream = [&](std::string_view name, ElementwiseKind kind, double columns) {
    Elementwise e;
    e.kind = kind;
    e.rows = tokens_;
    e.columns = columns / tp_;
    e.backward = backward;
    graph_.then(name, e);
  };
  if (!model_.latent) {
    stream("rope", ElementwiseKind::rope,
           static_cast<double>(model_.heads + model_.kv_heads) * model_.head_dim);
    return;
  }
  const double heads = model_.heads;
  stream("rope", ElementwiseKind::rope, heads * model_.latent->qk_rope);
  stream("assemble keys", ElementwiseKind::copy, heads * model_.latent->qk_nope);
  stream("share rotated key", backward ? ElementwiseKind::copy : ElementwiseKind::broadcast,
         heads * model_.latent->qk_rope);
}

Attention LayerWriter::attention(int layer, bool backward) const {
  Attention a;
  a.batch = job_.strategy.micro_batch;
  a.keys = job_.sequence_length;
  a.queries = a.keys / job_.strategy.cp;
  a.heads = model_.heads / job_.strategy.tp;
  // Latent attention is computed with the keys of all heads written out.
  a.kv_heads = model_.latent ? a.heads : std::max(1, model_.kv_heads / job_.strategy.tp);
  a.d_qk = model_.qk_head_dim();
  a.d_v = model_.v_head_dim();
  const bool slides =
      model_.sliding_window > 0 && layer % std::max(1, model_.sliding_window_period) == 0;
  a.window = slides ? model_.sliding_window : 0;
  a.precision = job_.precision.attention;
  a.backward = backward;
  return a;
}

// Context parallelism gathers keys and values before the attention and scatters their gradients
// after (Llama 3, arXiv 2407.21783, section 3.3.2). Block by block it takes the keys of all query
// heads, and FP32 gradients go from rank to rank.
void LayerWriter::context_collective(CollectiveKind kind) {
  if (job_.strategy.cp == 1) return;
  const bool blocks = job_.attention_in_blocks;
  double width = 2.0 * model_.kv_heads * model_.head_dim / tp_;
  if (model_.latent) width = model_.latent->kv_rank + model_.latent->qk_rope;
  if (blocks) width = model_.heads * (model_.qk_head_dim() + model_.v_head_dim()) / tp_;
  const double tokens = static_cast<double>(job_.strategy.micro_batch) * job_.sequence_length;
  const double element = blocks && kind == CollectiveKind::reduce_scatter ? 4 : 2;
  graph_.then(to_string(kind),
              CollectiveCall{kind, CommunicationGroup::context, Bytes{tokens * width * element}});
}

// The first block's result needs no merging, its gradients do.
void LayerWriter::merge_blocks(bool backward) {
  if (job_.strategy.cp == 1 || !job_.attention_in_blocks) return;
  Elementwise merge;
  merge.kind = ElementwiseKind::merge_blocks;
  merge.rows = tokens_ * (backward ? job_.strategy.cp : job_.strategy.cp - 1);
  merge.columns = model_.heads * model_.v_head_dim() / tp_;
  merge.backward = backward;
  graph_.then("merge blocks", merge);
}

void LayerWriter::attention_kernels(int layer, bool backward) {
  const Attention a = attention(layer, backward);
  graph_.then(backward ? "attention gradient" : "attention", a);
  merge_blocks(backward);
  if (job_.fused_attention) return;
  Elementwise scores;
  scores.kind = ElementwiseKind::softmax;
  scores.rows = a.batch * a.heads * a.queries;
  scores.columns = a.keys;
  scores.backward = backward;
  graph_.then("scores", scores);
}

void LayerWriter::attention_forward(int layer) {
  graph_.enter(layer, LayerBlock::attention);
  norm("attention norm", sharded_tokens_, model_.hidden, false);
  gather_tokens();
  bool quantized = false;
  for (const Linear& l : attention_inputs()) {
    linear_forward(l, quantized);
    quantized = true;  // the products in front of the attention read the same tensor
  }
  latent_up_forward();
  rope(false);
  context_collective(CollectiveKind::all_gather);
  attention_kernels(layer, false);
  const Linear output = attention_output();
  store(tokens_, output.k, job_.precision.attention_output_bytes, false);
  linear_forward(output);
  reduce_tokens();
  residual();
}

void LayerWriter::attention_input_gradient(int layer) {
  graph_.enter(layer, LayerBlock::attention);
  gather_tokens();
  // Of q, k, v and the output every other product is computed again: k and the output.
  if (recomputes(SelectiveRecompute::per_operator)) {
    norm("attention norm", sharded_tokens_, model_.hidden, false);
    const double k = static_cast<double>(model_.kv_heads) * model_.head_dim / tp_;
    if (!model_.latent) linear_forward({"k", k, static_cast<double>(model_.hidden)});
    rope(false);
    linear_forward(attention_output());
  }
  const Linear output = attention_output();
  store(tokens_, output.k, job_.precision.attention_output_bytes, true);
  linear_input_gradient(output);
  if (job_.strategy.recompute == Recompute::selective && model_.latent) {
    latent_up_forward();
    rope(false);
  }
  if (recomputes(SelectiveRecompute::core_attention)) attention_kernels(layer, false);
  if (job_.attention_in_blocks) context_collective(CollectiveKind::all_gather);
  attention_kernels(layer, true);
  context_collective(CollectiveKind::reduce_scatter);
  rope(true);
  for (const Linear& l : latent_up()) {
    linear_input_gradient(l);
    norm("latent norm gradient", tokens_, l.k, true);
  }
  for (const Linear& l : attention_inputs()) linear_input_gradient(l);
  reduce_tokens();
  if (job_.strategy.recompute == Recompute::selective && model_.latent) {
    norm("attention norm", sharded_tokens_, model_.hidden, false);
  }
  norm("attention norm gradient", sharded_tokens_, model_.hidden, true);
  residual();
}

void LayerWriter::attention_weight_gradient(int layer) {
  graph_.enter(layer, LayerBlock::attention, true);
  linear_weight_gradient(attention_output());
  for (const Linear& l : latent_up()) linear_weight_gradient(l);
  for (const Linear& l : attention_inputs()) linear_weight_gradient(l);
}

}  // namespace fleetwright
