#pragma once

#include "models/core/quantity.hpp"
#include "models/model_config.hpp"

namespace fleetwright {

/// Which half of the attention matrix counts. Megatron counts all of it, kernels compute the causal
/// half: for DeepSeek-V3 at 4,096 tokens the difference is 12 %.
enum class AttentionCount { full, causal };

/// Matrix flop of one token's forward pass through layer `layer` at the given sequence length.
[[nodiscard]] Flop layer_forward_flop_per_token(const ModelConfig& model, int layer,
                                                double sequence_length, AttentionCount count);

/// Matrix flop of one token's forward pass: all layers and the output head; with the multi-token
/// prediction modules (layer, projection and head of each) where `with_mtp`.
[[nodiscard]] Flop forward_flop_per_token(const ModelConfig& model, double sequence_length,
                                          AttentionCount count, bool with_mtp);

/// Three times the forward pass: forward, input gradient, weight gradient; no recomputation.
[[nodiscard]] Flop training_flop_per_token(const ModelConfig& model, double sequence_length,
                                           AttentionCount count, bool with_mtp);

}  // namespace fleetwright
