#include "models/parameters.hpp"

namespace fleetwright {
namespace {

// A layer norm has a gain and a bias, an RMS norm a gain.
double norm(const ModelConfig& m, double width) {
  return m.norm == NormKind::layer_norm ? 2 * width : width;
}

double latent_attention(const ModelConfig& m) {
  const LatentAttention& l = *m.latent;
  const double h = m.hidden;
  const double heads = m.heads;
  const double q_width = heads * (l.qk_nope + l.qk_rope);
  const double q =
      l.q_rank > 0 ? h * l.q_rank + norm(m, l.q_rank) + l.q_rank * q_width : h * q_width;
  const double kv =
      h * (l.kv_rank + l.qk_rope) + norm(m, l.kv_rank) + l.kv_rank * heads * (l.qk_nope + l.v);
  return q + kv + heads * l.v * h;
}

double attention(const ModelConfig& m) {
  if (m.latent) return latent_attention(m);
  const double h = m.hidden;
  const double q = static_cast<double>(m.heads) * m.head_dim;
  const double kv = static_cast<double>(m.kv_heads) * m.head_dim;
  double sum = h * (q + 2 * kv) + q * h;
  if (m.qkv_bias) sum += q + 2 * kv;
  if (m.attention_output_bias) sum += h;
  if (m.qk_norm) sum += 2 * norm(m, m.head_dim);
  if (m.attention_sinks) sum += m.heads;
  return sum;
}

// Gated feed-forwards have three matrices, others two.
double feed_forward(const ModelConfig& m, double width) {
  const double ups = m.mlp == MlpKind::swiglu ? 2 : 1;
  const double biases = m.mlp_bias ? ups * width + m.hidden : 0;
  return (ups + 1) * m.hidden * width + biases;
}

}  // namespace

LayerParameters layer_parameters(const ModelConfig& m, int layer) {
  LayerParameters p;
  p.attention = attention(m);
  p.norms = 2 * norm(m, m.hidden);
  if (!m.is_moe_layer(layer)) {
    p.dense_mlp = feed_forward(m, m.ffn_hidden);
    return p;
  }
  const MixtureOfExperts& moe = *m.moe;
  p.routed_experts = moe.experts * feed_forward(m, moe.ffn_hidden);
  if (moe.shared_ffn_hidden > 0) p.shared_experts = feed_forward(m, moe.shared_ffn_hidden);
  const bool router_bias = moe.score_bias || m.mlp_bias;
  p.router = static_cast<double>(moe.experts) * m.hidden + (router_bias ? moe.experts : 0);
  return p;
}

double embedding_parameters(const ModelConfig& m) {
  return (static_cast<double>(m.vocabulary) + m.learned_positions) * m.hidden;
}

double head_parameters(const ModelConfig& m) {
  return m.tied_embeddings ? 0 : static_cast<double>(m.vocabulary) * m.hidden;
}

double final_norm_parameters(const ModelConfig& m) { return norm(m, m.hidden); }

double mtp_module_parameters(const ModelConfig& m) {
  const double h = m.hidden;
  return layer_parameters(m, m.layers - 1).total() + 2 * h * h + 3 * norm(m, h);
}

double total_parameters(const ModelConfig& m) {
  double sum = embedding_parameters(m) + head_parameters(m) + final_norm_parameters(m);
  for (int layer = 0; layer < m.layers; ++layer) sum += layer_parameters(m, layer).total();
  return sum;
}

double active_parameters(const ModelConfig& m) {
  // A tied table is the head too, which every token uses.
  double sum = total_parameters(m) - (m.tied_embeddings ? 0 : embedding_parameters(m));
  for (int layer = 0; layer < m.layers; ++layer) {
    if (!m.is_moe_layer(layer)) continue;
    const double idle = 1 - static_cast<double>(m.moe->active) / m.moe->experts;
    sum -= layer_parameters(m, layer).routed_experts * idle;
  }
  return sum;
}

double kv_cache_bytes_per_token(const ModelConfig& m, double bytes_per_element) {
  const double width =
      m.latent ? m.latent->kv_rank + m.latent->qk_rope : 2.0 * m.kv_heads * m.head_dim;
  return m.layers * width * bytes_per_element;
}

}  // namespace fleetwright
