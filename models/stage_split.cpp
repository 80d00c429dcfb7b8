#include "models/stage_split.hpp"

namespace fleetwright {
namespace {

double layer_weight(const ModelConfig& m, int layer) {
  const double attention = 4.0 * m.heads * m.head_dim * m.hidden;
  if (!m.is_moe_layer(layer)) return attention + 3.0 * m.ffn_hidden * m.hidden;
  const double experts = static_cast<double>(m.moe->active) * m.moe->ffn_hidden;
  return attention + 3.0 * (experts + m.moe->shared_ffn_hidden) * m.hidden;
}

}  // namespace

std::vector<int> split_by_weight(const ModelConfig& model, int stages) {
  double total = static_cast<double>(model.vocabulary) * model.hidden;
  for (int layer = 0; layer < model.layers; ++layer) total += layer_weight(model, layer);
  std::vector<int> layers(static_cast<std::size_t>(stages));
  std::size_t stage = 0;
  double sum = 0;
  for (int layer = 0; layer < model.layers; ++layer) {
    ++layers[stage];
    sum += layer_weight(model, layer);
    const bool past = sum * stages > total * static_cast<double>(stage + 1);
    if (past && stage + 1 < layers.size()) ++stage;
  }
  return layers;
}

}  // namespace fleetwright
