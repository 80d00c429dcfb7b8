#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetwright {

enum class MlpKind { gelu, swiglu, squared_relu };
enum class NormKind { layer_norm, rms_norm };

/// Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434, section 2.1): queries and
/// keys/values pass through low-rank latents; a part of each head carries rotary positions.
struct LatentAttention {
  int q_rank = 0;  // 0: queries are projected directly
  int kv_rank = 0;
  int qk_nope = 0;  // head dimension without positions
  int qk_rope = 0;  // head dimension with rotary positions, one key shared by all heads
  int v = 0;

  bool operator==(const LatentAttention&) const = default;
};

/// Routed and shared experts of the mixture-of-experts layers.
struct MixtureOfExperts {
  int experts = 0;            // routed
  int active = 0;             // routed experts that a token goes to
  int ffn_hidden = 0;         // of one routed expert
  int shared_experts = 0;     // each token passes through these too
  int shared_ffn_hidden = 0;  // all shared experts together
  int first_dense_layers = 0;
  int layer_period = 1;  // one MoE layer in so many (after the dense ones)
  int groups = 1;  // groups of experts that a token chooses among first (node-limited routing)
  int groups_active = 1;
  bool score_bias = false;  // one bias an expert (auxiliary-loss-free balancing)

  bool operator==(const MixtureOfExperts&) const = default;
};

/// What a Hugging Face config.json says of a decoder-only transformer. Counts, no units.
struct ModelConfig {
  std::string name;
  int layers = 0;
  int hidden = 0;
  int heads = 0;
  int kv_heads = 0;
  int head_dim = 0;  // of queries and keys without latent attention
  std::optional<LatentAttention> latent;
  int ffn_hidden = 0;  // of the dense layers
  MlpKind mlp = MlpKind::swiglu;
  NormKind norm = NormKind::rms_norm;
  std::optional<MixtureOfExperts> moe;
  int vocabulary = 0;
  int learned_positions = 0;  // rows of a learned position table, 0 for rotary and the like
  bool tied_embeddings = false;
  bool qkv_bias = false;
  bool attention_output_bias = false;
  bool mlp_bias = false;
  bool clamped_activation = false;  // clamps and a scaled sigmoid in a gated activation
  bool qk_norm = false;             // one norm over the head dimension for queries and one for keys
  bool attention_sinks = false;     // one learned value a head
  int sliding_window = 0;           // 0: full attention
  int sliding_window_period = 1;    // one layer in so many slides
  int max_positions = 0;
  int mtp_layers = 0;  // multi-token prediction modules

  [[nodiscard]] bool is_moe_layer(int layer) const;
  [[nodiscard]] int moe_layers() const;
  /// Head dimensions as attention kernels see them.
  [[nodiscard]] int qk_head_dim() const {
    return latent ? latent->qk_nope + latent->qk_rope : head_dim;
  }
  [[nodiscard]] int v_head_dim() const { return latent ? latent->v : head_dim; }

  bool operator==(const ModelConfig&) const = default;
};

/// Reads a Hugging Face config.json: DeepSeek V2/V3, Kimi K2, Llama, Mistral, Mixtral, Qwen 2/3 and
/// their MoE, GLM-4.5 MoE, gpt-oss, GPT-2/3-style and MPT. `name` is used in reports.
/// Throws ScenarioError (line and column; missing or impossible values, unknown model_type).
[[nodiscard]] ModelConfig parse_model_config(std::string_view text, const std::string& file,
                                             const std::string& name);
/// As above from a file; throws Error if it cannot be read.
[[nodiscard]] ModelConfig read_model_config(const std::filesystem::path& file);

/// Names of the models in models/zoo, sorted; each is `<name>.json` there.
[[nodiscard]] std::vector<std::string> zoo_models();

}  // namespace fleetwright
