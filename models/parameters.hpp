#pragma once

#include "models/model_config.hpp"

namespace fleetwright {

/// Parameters of one decoder layer, by where they live: what tensor parallelism splits, what expert
/// parallelism splits, and what is replicated.
struct LayerParameters {
  double attention = 0;  // projections with their biases and latent norms
  double norms = 0;
  double dense_mlp = 0;       // of a dense layer
  double shared_experts = 0;  // of a MoE layer
  double routed_experts = 0;  // all of them
  double router = 0;          // with its bias

  [[nodiscard]] double total() const {
    return attention + norms + dense_mlp + shared_experts + routed_experts + router;
  }
};

/// Parameters of layer `layer` (0-based). A multi-token prediction module is counted apart.
[[nodiscard]] LayerParameters layer_parameters(const ModelConfig& model, int layer);

/// Token embedding and, where there is one, the learned position table.
[[nodiscard]] double embedding_parameters(const ModelConfig& model);
/// The output head, 0 where it is tied to the embedding; without the final norm.
[[nodiscard]] double head_parameters(const ModelConfig& model);
[[nodiscard]] double final_norm_parameters(const ModelConfig& model);

/// One multi-token prediction module (DeepSeek-V3, arXiv 2412.19437, section 2.2): a MoE layer, the
/// 2h -> h projection and three norms. Its embedding and head are shared with the main model.
[[nodiscard]] double mtp_module_parameters(const ModelConfig& model);

/// All parameters without multi-token prediction modules.
[[nodiscard]] double total_parameters(const ModelConfig& model);

/// Parameters that one token's matrix products use: routed experts count by the active ones; of the
/// embedding table a token reads a row, so that it does not count, the output head does. DeepSeek
/// counts so: "36.6B (including 0.9B for the output Head)", README_WEIGHTS.md of DeepSeek-V3.
[[nodiscard]] double active_parameters(const ModelConfig& model);

/// Bytes of the key/value cache of one token over all layers, `bytes_per_element` 2 for BF16.
[[nodiscard]] double kv_cache_bytes_per_token(const ModelConfig& model, double bytes_per_element);

}  // namespace fleetwright
