#include "models/layer_operators.hpp"
#include "models/routing.hpp"

namespace fleetwright {
namespace {

bool gated(const ModelConfig& model) { return model.mlp == MlpKind::swiglu; }

}  // namespace

LayerWriter::Linear LayerWriter::up(double hidden) const {
  return {"up", (gated(model_) ? 2 : 1) * hidden / tp_, static_cast<double>(model_.hidden)};
}

LayerWriter::Linear LayerWriter::down(double hidden) const {
  return {"down", static_cast<double>(model_.hidden), hidden / tp_};
}

void LayerWriter::activation(double rows, double columns, bool backward) {
  Elementwise e;
  e.kind = ElementwiseKind::activation;
  e.rows = rows;
  e.columns = columns;
  e.gated = gated(model_);
  e.quantized = quantizes_;
  e.backward = backward;
  e.clamped = model_.clamped_activation;
  e.fused = job_.fused_activation && (!e.clamped || job_.fused_clamped_activation);
  graph_.then(backward ? "activation gradient" : "activation", e);
}

void LayerWriter::dense_forward(double hidden) {
  const Linear first = up(hidden);
  linear_forward(first);
  store(tokens_, first.n, job_.precision.mlp_input_bytes, false);
  activation(tokens_, hidden / tp_, false);
  linear_forward(down(hidden), quantizes_);
}

void LayerWriter::dense_input_gradient(double hidden, bool with_norm) {
  const Linear first = up(hidden);
  linear_input_gradient(down(hidden));
  store(tokens_, first.n, job_.precision.mlp_input_bytes, true);
  activation(tokens_, hidden / tp_, true);
  linear_input_gradient(first);
  if (with_norm) {
    reduce_tokens();
    norm("mlp norm gradient", sharded_tokens_, model_.hidden, true);
  }
}

// Of a gated feed-forward's three products the second, of others none but the activation.
void LayerWriter::recompute_dense() {
  norm("mlp norm", sharded_tokens_, model_.hidden, false);
  const double width = model_.ffn_hidden / tp_;
  if (gated(model_)) linear_forward({"up", width, static_cast<double>(model_.hidden)});
  activation(tokens_, width, false);
}

void LayerWriter::dense_weight_gradient(double hidden) {
  linear_weight_gradient(down(hidden));
  linear_weight_gradient(up(hidden));
}

// Each token goes to `active` experts, and ranks of an expert-tensor group see each other's.
double LayerWriter::expert_rows() const {
  return sharded_tokens_ * model_.moe->active * job_.strategy.etp;
}

double LayerWriter::arriving_tokens() const {
  return sharded_tokens_ * expected_places_reached(*model_.moe, job_.strategy.ep) *
         job_.strategy.etp;
}

GroupedGemm LayerWriter::experts(double n, double k, GemmPass pass) const {
  const double groups = static_cast<double>(model_.moe->experts) / job_.strategy.ep;
  if (pass == GemmPass::weight_gradient) {
    return {groups, n, k, expert_rows(), job_.precision.gemm, pass, job_.precision.gradient_bytes};
  }
  return {groups, expert_rows(), n, k, job_.precision.gemm, pass};
}

void LayerWriter::expert_collective(CollectiveKind kind) {
  if (job_.strategy.ep == 1) return;
  const double element = kind == CollectiveKind::dispatch ? job_.precision.dispatch_bytes
                                                          : job_.precision.combine_bytes;
  graph_.then(to_string(kind), CollectiveCall{kind, CommunicationGroup::expert,
                                              Bytes{sharded_tokens_ * model_.hidden * element}});
}

// Tokens that an exchange brings come by rank, and each expert wants its own together.
void LayerWriter::sort_exchanged(double bytes) {
  const bool one_expert = model_.moe->experts == job_.strategy.ep;
  if (!job_.sorts_exchanged_tokens || job_.strategy.ep == 1 || one_expert) return;
  const double h = model_.hidden;
  graph_.then("sort", Permute{expert_rows(), expert_rows(), h, bytes, false});
}

// Behind the experts' second product; the first one's is added by the product itself.
void LayerWriter::expert_bias(bool backward) {
  if (!model_.mlp_bias || job_.fused_clamped_activation) return;
  Elementwise e;
  e.kind = ElementwiseKind::expert_bias;
  e.rows = expert_rows();
  e.columns = model_.hidden;
  e.backward = backward;
  e.pieces = static_cast<double>(model_.moe->experts) / job_.strategy.ep;
  graph_.then(backward ? "expert bias gradient" : "expert bias", e);
}

void LayerWriter::experts_forward() {
  const MixtureOfExperts& moe = *model_.moe;
  const double f = static_cast<double>(moe.ffn_hidden) / job_.strategy.etp;
  const double up_width = (gated(model_) ? 2 : 1) * f;
  const double h = model_.hidden;
  const double element = sends_quantized() ? job_.precision.gemm_input_bytes : 2;
  const double arriving = expert_rows();
  graph_.then("router", Gemm{sharded_tokens_, static_cast<double>(moe.experts), h,
                             job_.precision.head, GemmPass::forward});
  graph_.then("routing", Router{sharded_tokens_, moe.experts, moe.active, false});
  if (sends_quantized()) quantize(sharded_tokens_, h, false);
  expert_collective(CollectiveKind::dispatch);
  if (moe.shared_ffn_hidden > 0) dense_forward(moe.shared_ffn_hidden);
  graph_.then("mapping", ExpertMapping{arriving, moe.active});
  graph_.then("permute", Permute{arriving, arriving_tokens(), h, element, false});
  sort_exchanged(element);
  if (!sends_quantized()) quantize(arriving, h, false);
  graph_.then("experts up", experts(up_width, h, GemmPass::forward));
  store(arriving, up_width, job_.precision.mlp_input_bytes, false);
  if (!fuses_experts()) activation(arriving, f, false);
  graph_.then("experts down", experts(h, f, GemmPass::forward));
  expert_bias(false);
  sort_exchanged(2);
  graph_.then("unpermute", Permute{arriving, arriving_tokens(), h, 2, true});
  expert_collective(CollectiveKind::combine);
}

// The gradient of combine sends gradients to the experts as dispatch sent tokens (in the dispatch
// format), the gradient of dispatch adds them up as combine did.
void LayerWriter::experts_input_gradient() {
  const MixtureOfExperts& moe = *model_.moe;
  const double f = static_cast<double>(moe.ffn_hidden) / job_.strategy.etp;
  const double up_width = (gated(model_) ? 2 : 1) * f;
  const double h = model_.hidden;
  const double element = sends_quantized() ? job_.precision.gemm_input_bytes : 2;
  const double arriving = expert_rows();
  const double groups = static_cast<double>(moe.experts) / job_.strategy.ep;
  if (sends_quantized()) quantize(sharded_tokens_, h, false);
  expert_collective(CollectiveKind::dispatch);
  if (moe.shared_ffn_hidden > 0) dense_input_gradient(moe.shared_ffn_hidden, false);
  graph_.then("permute", Permute{arriving, arriving_tokens(), h, element, false});
  sort_exchanged(element);
  expert_bias(true);
  if (!sends_quantized()) quantize(arriving, h, false);
  transpose_weight(groups * h, f);
  graph_.then("experts down", experts(f, h, GemmPass::forward));
  store(arriving, up_width, job_.precision.mlp_input_bytes, true);
  if (!fuses_experts()) {
    if (job_.strategy.recompute == Recompute::selective && job_.recomputes_expert_activation) {
      activation(arriving, f, false);
    }
    activation(arriving, f, true);
    quantize(arriving, up_width, false);
  }
  transpose_weight(groups * up_width, h);
  graph_.then("experts up", experts(h, up_width, GemmPass::forward));
  sort_exchanged(2);
  graph_.then("unpermute", Permute{arriving, arriving_tokens(), h, 2, true});
  expert_collective(CollectiveKind::combine);
  graph_.then("routing", Router{sharded_tokens_, moe.experts, moe.active, true});
  graph_.then("router", Gemm{sharded_tokens_, h, static_cast<double>(moe.experts),
                             job_.precision.head, GemmPass::forward});
}

void LayerWriter::experts_weight_gradient() {
  const MixtureOfExperts& moe = *model_.moe;
  const double f = static_cast<double>(moe.ffn_hidden) / job_.strategy.etp;
  const double up_width = (gated(model_) ? 2 : 1) * f;
  const double h = model_.hidden;
  const double arriving = expert_rows();
  if (moe.shared_ffn_hidden > 0) dense_weight_gradient(moe.shared_ffn_hidden);
  quantize(arriving, h, true);
  quantize(arriving, f, true);
  graph_.then("experts down", experts(h, f, GemmPass::weight_gradient));
  quantize(arriving, up_width, true);
  quantize(arriving, h, true);
  graph_.then("experts up", experts(up_width, h, GemmPass::weight_gradient));
  graph_.then("router",
              Gemm{static_cast<double>(moe.experts), h, sharded_tokens_, job_.precision.head,
                   GemmPass::weight_gradient, job_.precision.gradient_bytes});
}

void LayerWriter::mlp_forward(int layer) {
  graph_.enter(layer, LayerBlock::mlp);
  norm("mlp norm", sharded_tokens_, model_.hidden, false);
  if (model_.is_moe_layer(layer)) {
    experts_forward();
  } else {
    gather_tokens();
    dense_forward(model_.ffn_hidden);
    reduce_tokens();
  }
  residual();
}

void LayerWriter::mlp_recompute(int layer) {
  if (!job_.recompute_stops_early || model_.is_moe_layer(layer)) {
    mlp_forward(layer);
    return;
  }
  graph_.enter(layer, LayerBlock::mlp);
  norm("mlp norm", sharded_tokens_, model_.hidden, false);
  gather_tokens();
  const double width = model_.ffn_hidden / tp_;
  const Linear first = up(model_.ffn_hidden);
  linear_forward(first);
  store(tokens_, first.n, job_.precision.mlp_input_bytes, false);
  activation(tokens_, width, false);
}

void LayerWriter::mlp_input_gradient(int layer) {
  graph_.enter(layer, LayerBlock::mlp);
  if (!model_.is_moe_layer(layer)) {
    gather_tokens();
    if (recomputes(SelectiveRecompute::per_operator)) recompute_dense();
    dense_input_gradient(model_.ffn_hidden, true);
  } else {
    experts_input_gradient();
    norm("mlp norm gradient", sharded_tokens_, model_.hidden, true);
  }
  if (job_.strategy.recompute == Recompute::selective && model_.latent) {
    norm("mlp norm", sharded_tokens_, model_.hidden, false);
  }
  residual();
}

void LayerWriter::mlp_weight_gradient(int layer) {
  graph_.enter(layer, LayerBlock::mlp, true);
  if (model_.is_moe_layer(layer)) {
    experts_weight_gradient();
  } else {
    dense_weight_gradient(model_.ffn_hidden);
  }
}

}  // namespace fleetwright
