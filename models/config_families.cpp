#include "models/config_families.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace fleetwright {
namespace {

// More would overflow what is computed of them, and no model is near.
constexpr int most_layers = 10'000;
constexpr int most_heads = 10'000;
constexpr int most_experts = 100'000;

// A width computed from two counts, of which `key` is one.
int product(ConfigReader& json, std::string_view key, int a, int b) {
  const auto result = static_cast<std::int64_t>(a) * b;
  if (result <= std::int64_t{10} * ConfigReader::largest_count) return static_cast<int>(result);
  json.error(key, fmt::format("{} makes a width of {}: more than {}", key, result,
                              std::int64_t{10} * ConfigReader::largest_count));
  return 1;
}

// Heads and their dimension. Latent attention has dimensions of its own.
void read_heads(ConfigReader& json, ModelConfig& m) {
  const std::vector<std::string_view> names{"num_attention_heads", "n_head", "n_heads"};
  const std::string_view heads_key = json.present(names);
  m.heads = json.count(names, most_heads);
  m.kv_heads = json.optional_count({"num_key_value_heads"}).value_or(m.heads);
  if (json.ok() && m.heads % m.kv_heads != 0) {
    json.error("num_key_value_heads",
               fmt::format("{} = {} is not a multiple of num_key_value_heads = {}", heads_key,
                           m.heads, m.kv_heads));
  }
  if (const auto dimension = json.optional_count({"head_dim"})) {
    m.head_dim = *dimension;
  } else {
    m.head_dim = std::max(1, m.hidden / m.heads);
    if (json.ok() && m.hidden % m.heads != 0 && !json.has("kv_lora_rank")) {
      json.error(
          heads_key,
          fmt::format("the width {} is not a multiple of {} = {}", m.hidden, heads_key, m.heads),
          "give head_dim if the heads are not an even part of the width");
    }
  }
  static_cast<void>(product(json, "head_dim", m.heads, m.head_dim));
}

void read_llama_like(ConfigReader& json, ModelConfig& m) {
  m.ffn_hidden = json.count({"intermediate_size"});
  m.tied_embeddings = json.flag_or("tie_word_embeddings", false);
  m.qkv_bias = m.attention_output_bias = json.flag_or("attention_bias", false);
  m.mlp_bias = json.flag_or("mlp_bias", false);
}

void check_experts(ConfigReader& json, const MixtureOfExperts& moe, std::string_view experts_key) {
  if (json.ok() && moe.active > moe.experts) {
    json.error("num_experts_per_tok", fmt::format("num_experts_per_tok = {} is more than {} = {}",
                                                  moe.active, experts_key, moe.experts));
  }
}

void read_mistral(ConfigReader& json, ModelConfig& m) {
  read_llama_like(json, m);
  m.sliding_window = json.count_or("sliding_window", 0);
}

void read_mixtral(ConfigReader& json, ModelConfig& m) {
  read_mistral(json, m);
  MixtureOfExperts moe;
  moe.experts = json.count({"num_local_experts"}, most_experts);
  moe.active = json.count({"num_experts_per_tok"});
  moe.ffn_hidden = m.ffn_hidden;
  check_experts(json, moe, "num_local_experts");
  m.moe = moe;
}

// Qwen's windows are off in all that it published; where on, the layers from max_window_layers
// slide.
void refuse_qwen_window(ConfigReader& json) {
  if (json.flag_or("use_sliding_window", false)) {
    json.error("use_sliding_window", "use_sliding_window = true is not modelled");
  }
}

void read_qwen2(ConfigReader& json, ModelConfig& m) {
  read_llama_like(json, m);
  m.qkv_bias = true;  // Qwen 2 has it without saying so
  refuse_qwen_window(json);
}

void read_qwen3(ConfigReader& json, ModelConfig& m) {
  read_llama_like(json, m);
  m.qk_norm = true;
  refuse_qwen_window(json);
}

// Qwen's names. Shared experts have a gate of one more row, which is not counted.
void read_qwen_experts(ConfigReader& json, ModelConfig& m) {
  MixtureOfExperts moe;
  moe.experts = json.count({"num_experts"}, most_experts);
  moe.active = json.count({"num_experts_per_tok"});
  moe.ffn_hidden = json.count({"moe_intermediate_size"});
  moe.shared_ffn_hidden = json.count_or("shared_expert_intermediate_size", 0);
  moe.shared_experts = moe.shared_ffn_hidden > 0 ? 1 : 0;
  moe.layer_period = std::max(1, json.count_or("decoder_sparse_step", 1));
  if (json.has_elements("mlp_only_layers")) {
    json.error("mlp_only_layers", "mlp_only_layers with elements is not modelled",
               "decoder_sparse_step is");
  }
  check_experts(json, moe, "num_experts");
  m.moe = moe;
}

void read_qwen2_moe(ConfigReader& json, ModelConfig& m) {
  read_qwen2(json, m);
  read_qwen_experts(json, m);
}

void read_qwen3_moe(ConfigReader& json, ModelConfig& m) {
  read_qwen3(json, m);
  read_qwen_experts(json, m);
}

// DeepSeek's names, which GLM-4.5 and Kimi K2 share.
void read_deepseek_experts(ConfigReader& json, ModelConfig& m) {
  MixtureOfExperts moe;
  moe.experts = json.count({"n_routed_experts"}, most_experts);
  moe.active = json.count({"num_experts_per_tok"});
  moe.ffn_hidden = json.count({"moe_intermediate_size"});
  moe.shared_experts = json.count_or("n_shared_experts", 0);
  moe.shared_ffn_hidden = product(json, "n_shared_experts", moe.shared_experts, moe.ffn_hidden);
  moe.first_dense_layers = json.count_or("first_k_dense_replace", 0);
  if (json.ok() && moe.first_dense_layers > m.layers) {
    json.error("first_k_dense_replace",
               fmt::format("first_k_dense_replace = {} is more than num_hidden_layers = {}",
                           moe.first_dense_layers, m.layers));
  }
  if (json.count_or("moe_layer_freq", 1) > 1) {
    json.error("moe_layer_freq", "moe_layer_freq above 1 is not modelled",
               "all layers after the dense ones have experts");
  }
  moe.groups = std::max(1, json.count_or("n_group", 1));
  moe.groups_active = std::max(1, json.count_or("topk_group", moe.groups));
  // Said by the configs of DeepSeek's own code; from V3 on it goes without saying in others.
  const bool before_v3 = json.text_or("model_type", "") == "deepseek_v2";
  moe.score_bias = json.text_or("topk_method", before_v3 ? "" : "noaux_tc") == "noaux_tc";
  check_experts(json, moe, "n_routed_experts");
  if (!json.ok()) return;
  if (moe.groups_active > moe.groups || moe.experts % moe.groups != 0) {
    json.error("n_group", fmt::format("{} experts cannot be chosen from {} of {} equal groups",
                                      moe.experts, moe.groups_active, moe.groups));
  } else if (moe.active > moe.experts / moe.groups * moe.groups_active) {
    json.error("topk_group", fmt::format("{} of {} groups hold {} experts, fewer than "
                                         "num_experts_per_tok = {}",
                                         moe.groups_active, moe.groups,
                                         moe.experts / moe.groups * moe.groups_active, moe.active));
  }
  m.moe = moe;
}

void read_deepseek(ConfigReader& json, ModelConfig& m) {
  read_llama_like(json, m);
  LatentAttention l;
  l.q_rank = json.count_or("q_lora_rank", 0);
  l.kv_rank = json.count({"kv_lora_rank"});
  l.qk_nope = json.count({"qk_nope_head_dim"});
  l.qk_rope = json.count({"qk_rope_head_dim"});
  l.v = json.count({"v_head_dim"});
  static_cast<void>(product(json, "qk_nope_head_dim", m.heads, l.qk_nope + l.qk_rope));
  static_cast<void>(product(json, "v_head_dim", m.heads, l.v));
  m.latent = l;
  m.head_dim = l.qk_nope + l.qk_rope;
  m.mtp_layers = json.count_or("num_nextn_predict_layers", 0);
  read_deepseek_experts(json, m);
}

void read_glm4_moe(ConfigReader& json, ModelConfig& m) {
  read_llama_like(json, m);
  m.attention_output_bias = false;  // attention_bias means the inputs alone here
  m.qk_norm = json.flag_or("use_qk_norm", false);
  m.mtp_layers = json.count_or("num_nextn_predict_layers", 0);
  read_deepseek_experts(json, m);
}

void read_gpt_oss(ConfigReader& json, ModelConfig& m) {
  read_mixtral(json, m);
  m.qkv_bias = m.attention_output_bias = m.mlp_bias = m.attention_sinks = true;
  m.clamped_activation = true;
  m.sliding_window = json.count_or("sliding_window", 0);
  m.sliding_window_period = 2;
}

void read_gpt2(ConfigReader& json, ModelConfig& m) {
  m.ffn_hidden = json.optional_count({"n_inner"}).value_or(4 * m.hidden);
  m.mlp = MlpKind::gelu;
  m.norm = NormKind::layer_norm;
  m.learned_positions = m.max_positions;
  m.tied_embeddings = json.flag_or("tie_word_embeddings", true);
  m.qkv_bias = m.attention_output_bias = m.mlp_bias = true;
}

void read_gpt_neox(ConfigReader& json, ModelConfig& m) {
  m.ffn_hidden = json.count({"intermediate_size"});
  m.mlp = MlpKind::gelu;
  m.norm = NormKind::layer_norm;
  m.tied_embeddings = json.flag_or("tie_word_embeddings", false);
  m.qkv_bias = m.attention_output_bias = json.flag_or("attention_bias", true);
  m.mlp_bias = true;
}

// MosaicML's MPT and llm-foundry: without biases the norms have a gain alone; ALiBi replaces
// learned positions even where they are asked for.
void read_mpt(ConfigReader& json, ModelConfig& m) {
  const int ratio = json.optional_count({"expansion_ratio"}).value_or(4);
  m.ffn_hidden = product(json, "expansion_ratio", ratio, m.hidden);
  m.mlp = MlpKind::gelu;
  m.tied_embeddings = true;
  if (!json.flag_or("no_bias", true)) {
    m.norm = NormKind::layer_norm;
    m.qkv_bias = m.attention_output_bias = m.mlp_bias = true;
  }
  if (json.flag_or("learned_pos_emb", false) &&
      !json.nested_flag_or("attn_config", "alibi", false)) {
    m.learned_positions = m.max_positions;
  }
}

constexpr std::array families{
    ConfigFamily{"deepseek_v2", read_deepseek},
    ConfigFamily{"deepseek_v3", read_deepseek},
    ConfigFamily{"kimi_k2", read_deepseek},
    ConfigFamily{"llama", read_llama_like},
    ConfigFamily{"mistral", read_mistral},
    ConfigFamily{"mixtral", read_mixtral},
    ConfigFamily{"qwen2", read_qwen2},
    ConfigFamily{"qwen2_moe", read_qwen2_moe},
    ConfigFamily{"qwen3", read_qwen3},
    ConfigFamily{"qwen3_moe", read_qwen3_moe},
    ConfigFamily{"glm4_moe", read_glm4_moe},
    ConfigFamily{"gpt_oss", read_gpt_oss},
    ConfigFamily{"gpt2", read_gpt2},
    ConfigFamily{"gpt_neox", read_gpt_neox},
    ConfigFamily{"mpt", read_mpt},
};

}  // namespace

void read_common_sizes(ConfigReader& json, ModelConfig& m) {
  m.hidden = json.count({"hidden_size", "n_embd", "d_model"});
  m.layers = json.count({"num_hidden_layers", "n_layer", "n_layers"}, most_layers);
  m.vocabulary = json.count({"vocab_size"});
  m.max_positions =
      json.optional_count({"max_position_embeddings", "n_positions", "max_seq_len"}).value_or(0);
  read_heads(json, m);
}

std::span<const ConfigFamily> config_families() { return families; }

}  // namespace fleetwright
