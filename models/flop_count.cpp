#include "models/flop_count.hpp"

#include <algorithm>

#include "models/parameters.hpp"

namespace fleetwright {
namespace {

double projections(const ModelConfig& m) {
  const double h = m.hidden;
  const double heads = m.heads;
  const double out = heads * m.v_head_dim() * h;
  if (!m.latent) return h * (heads + 2.0 * m.kv_heads) * m.head_dim + out;
  const LatentAttention& l = *m.latent;
  const double q_width = heads * m.qk_head_dim();
  const double q = l.q_rank > 0 ? h * l.q_rank + l.q_rank * q_width : h * q_width;
  return q + h * (l.kv_rank + l.qk_rope) + l.kv_rank * heads * (l.qk_nope + l.v) + out;
}

// Keys that a query sees on average; causal counts half of them, as kernels do (the diagonal's half
// token is left out).
double keys_seen(const ModelConfig& m, int layer, double sequence, AttentionCount count) {
  const bool slides = m.sliding_window > 0 && layer % std::max(1, m.sliding_window_period) == 0;
  if (slides && m.sliding_window < sequence) {
    const double window = m.sliding_window;
    return count == AttentionCount::full ? window : window - window * window / (2 * sequence);
  }
  return count == AttentionCount::full ? sequence : sequence / 2;
}

double feed_forward(const ModelConfig& m, double width) {
  return (m.mlp == MlpKind::swiglu ? 3.0 : 2.0) * m.hidden * width;
}

double mlp(const ModelConfig& m, int layer) {
  if (!m.is_moe_layer(layer)) return feed_forward(m, m.ffn_hidden);
  const MixtureOfExperts& moe = *m.moe;
  return moe.active * feed_forward(m, moe.ffn_hidden) + feed_forward(m, moe.shared_ffn_hidden) +
         static_cast<double>(m.hidden) * moe.experts;
}

double head(const ModelConfig& m) { return static_cast<double>(m.hidden) * m.vocabulary; }

}  // namespace

Flop layer_forward_flop_per_token(const ModelConfig& m, int layer, double sequence,
                                  AttentionCount count) {
  const double scores =
      keys_seen(m, layer, sequence, count) * m.heads * (m.qk_head_dim() + m.v_head_dim());
  return Flop{2 * (projections(m) + scores + mlp(m, layer))};
}

Flop forward_flop_per_token(const ModelConfig& m, double sequence, AttentionCount count,
                            bool with_mtp) {
  Flop sum{2 * head(m)};
  for (int layer = 0; layer < m.layers; ++layer) {
    sum += layer_forward_flop_per_token(m, layer, sequence, count);
  }
  if (!with_mtp) return sum;
  const double projection = 2.0 * m.hidden * m.hidden;
  for (int i = 0; i < m.mtp_layers; ++i) {
    sum += layer_forward_flop_per_token(m, m.layers - 1, sequence, count) +
           Flop{2 * (projection + head(m))};
  }
  return sum;
}

Flop training_flop_per_token(const ModelConfig& m, double sequence, AttentionCount count,
                             bool with_mtp) {
  return 3.0 * forward_flop_per_token(m, sequence, count, with_mtp);
}

}  // namespace fleetwright
