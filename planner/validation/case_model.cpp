#include "planner/validation/case_model.hpp"

#include <fmt/format.h>

#include <cctype>

namespace fleetwright {
namespace {

bool notes_say(const ValidationCase& c, std::string_view words) {
  return c.notes.find(words) != std::string::npos || c.options.find(words) != std::string::npos;
}

void take_from_zoo(const ModelConfig& known, ModelConfig& m) {
  m.norm = known.norm;
  m.tied_embeddings = known.tied_embeddings;
  m.qkv_bias = known.qkv_bias;
  m.attention_output_bias = known.attention_output_bias;
  m.mlp_bias = known.mlp_bias;
  m.clamped_activation = known.clamped_activation;
  m.qk_norm = known.qk_norm;
  m.attention_sinks = known.attention_sinks;
  m.sliding_window = known.sliding_window;
  m.sliding_window_period = known.sliding_window_period;
  m.mtp_layers = known.mtp_layers;
  if (m.latent && known.latent) m.latent->qk_rope = known.latent->qk_rope;
  if (!m.moe || !known.moe) return;
  const bool groups_fit = known.moe->groups > 0 && m.moe->experts % known.moe->groups == 0;
  if (groups_fit && m.moe->experts == known.moe->experts) {
    m.moe->groups = known.moe->groups;
    m.moe->groups_active = known.moe->groups_active;
  }
  m.moe->score_bias = known.moe->score_bias;
}

// GPT-2 and GPT-3 have biases, layer norms and one table for both ends; MPT is without biases.
void take_as_usual(const ValidationCase& c, ModelConfig& m) {
  if (m.mlp == MlpKind::swiglu) return;
  m.norm = NormKind::layer_norm;
  if (m.mlp == MlpKind::squared_relu) return;
  const bool mpt = c.model.name.starts_with("mpt");
  m.tied_embeddings = true;
  m.learned_positions = c.sequence_length;
  m.qkv_bias = m.attention_output_bias = m.mlp_bias = !mpt;
}

// gpt-oss: every other layer sees the last 128 tokens (its config.json).
constexpr int usual_window = 128;
constexpr int usual_window_period = 2;

}  // namespace

std::string plain_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) != 0) out += static_cast<char>(std::tolower(u));
  }
  return out;
}

ModelConfig model_of_case(const ValidationCase& c, const std::map<std::string, ModelConfig>& zoo,
                          std::vector<std::string>& assumed) {
  ModelConfig m = c.model;
  if (const auto known = zoo.find(plain_name(m.name)); known != zoo.end()) {
    take_from_zoo(known->second, m);
  } else {
    take_as_usual(c, m);
    if (c.slides && m.sliding_window == 0) {
      m.sliding_window = usual_window;
      m.sliding_window_period = usual_window_period;
      assumed.push_back(fmt::format("sliding window {}", usual_window));
    }
  }
  if (notes_say(c, "tied embeddings")) m.tied_embeddings = true;
  if (notes_say(c, "w/o MTP")) {
    m.mtp_layers = 0;
  } else if (m.mtp_layers > 0 && !notes_say(c, "MTP")) {
    assumed.push_back(fmt::format("{} prediction module", m.mtp_layers));
  }
  return m;
}

}  // namespace fleetwright
