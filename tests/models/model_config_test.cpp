#include "models/model_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "models/core/data_files.hpp"
#include "models/core/error.hpp"
#include "models/parameters.hpp"

// What each family's config.json says. Sums that publishers give to the last parameter show that a
// family is understood.
namespace fleetwright {
namespace {

using ::testing::Contains;

ModelConfig parse(std::string_view json) { return parse_model_config(json, "config.json", "m"); }

ModelConfig zoo(const std::string& name) {
  return read_model_config(data_file("models/zoo/" + name + ".json"));
}

TEST(ModelConfig, ReadsDeepSeekV3) {
  const ModelConfig m = zoo("deepseek-v3");
  EXPECT_EQ(m.name, "deepseek-v3");
  EXPECT_EQ(m.layers, 61);
  EXPECT_EQ(m.vocabulary, 129280);
  EXPECT_EQ(m.latent, (LatentAttention{1536, 512, 128, 64, 128}));
  EXPECT_EQ(m.qk_head_dim(), 192);
  EXPECT_EQ(m.v_head_dim(), 128);
  EXPECT_EQ(m.mtp_layers, 1);
  ASSERT_TRUE(m.moe);
  EXPECT_EQ(m.moe->experts, 256);
  EXPECT_EQ(m.moe->active, 8);
  EXPECT_EQ(m.moe->shared_experts, 1);
  EXPECT_EQ(m.moe->groups, 8);
  EXPECT_EQ(m.moe->groups_active, 4);  // nodes that a token reaches
  EXPECT_TRUE(m.moe->score_bias);
  EXPECT_EQ(m.moe_layers(), 58);
  EXPECT_FALSE(m.is_moe_layer(2));
  EXPECT_TRUE(m.is_moe_layer(3));
  EXPECT_TRUE(m.is_moe_layer(61)) << "the prediction module";
}

TEST(ModelConfig, ReadsDeepSeekV2WithTwoSharedExpertsAndNoScoreBias) {
  const ModelConfig m = zoo("deepseek-v2");
  EXPECT_EQ(m.moe->shared_ffn_hidden, 2 * 1536);
  EXPECT_FALSE(m.moe->score_bias);
  EXPECT_EQ(m.moe_layers(), 59);
}

TEST(ModelConfig, ReadsDeepSeekV2LiteWithoutQueryLatentAndGroups) {
  const ModelConfig m = parse(R"({"model_type": "deepseek_v2", "hidden_size": 2048,
    "num_hidden_layers": 27, "num_attention_heads": 16, "num_key_value_heads": 16,
    "vocab_size": 102400, "intermediate_size": 10944, "moe_intermediate_size": 1408,
    "n_routed_experts": 64, "n_shared_experts": 2, "num_experts_per_tok": 6,
    "topk_method": "greedy", "n_group": 1, "topk_group": 1, "first_k_dense_replace": 1,
    "moe_layer_freq": 1, "q_lora_rank": null, "kv_lora_rank": 512, "qk_nope_head_dim": 128,
    "qk_rope_head_dim": 64, "v_head_dim": 128})");
  EXPECT_EQ(m.latent->q_rank, 0);
  EXPECT_NEAR(total_parameters(m), 15.7e9, 0.01e9);  // the model card's 15.7 B
}

TEST(ModelConfig, ReadsKimiK2AsADeepSeekWithOneGroup) {
  const ModelConfig m = zoo("kimi-k2");
  EXPECT_EQ(m.heads, 64);
  EXPECT_EQ(m.moe->experts, 384);
  EXPECT_EQ(m.moe->groups, 1);
  EXPECT_EQ(m.mtp_layers, 0);
}

TEST(ModelConfig, ReadsLlamaWithGroupedQueries) {
  const ModelConfig m = zoo("llama-3.1-405b");
  EXPECT_EQ(m.kv_heads, 8);
  EXPECT_EQ(m.head_dim, 128);
  EXPECT_FALSE(m.latent);
  EXPECT_FALSE(m.moe);
  EXPECT_EQ(m.mlp, MlpKind::swiglu);
  EXPECT_EQ(m.norm, NormKind::rms_norm);
  EXPECT_FALSE(m.qkv_bias);
  EXPECT_EQ(m.max_positions, 131072);
}

TEST(ModelConfig, ReadsLlama2WithoutKeyValueHeadsAsFullAttention) {
  const ModelConfig m = parse(R"({"model_type": "llama", "hidden_size": 4096,
    "num_hidden_layers": 32, "num_attention_heads": 32, "intermediate_size": 11008,
    "vocab_size": 32000})");
  EXPECT_EQ(m.kv_heads, 32);
  EXPECT_EQ(total_parameters(m), 6738415616.0);
}

TEST(ModelConfig, ReadsMistralWithItsWindow) {
  const std::string text = R"({"model_type": "mistral", "hidden_size": 4096,
    "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
    "intermediate_size": 14336, "vocab_size": 32000, "sliding_window": )";
  EXPECT_EQ(parse(text + "4096}").sliding_window, 4096);
  EXPECT_EQ(parse(text + "null}").sliding_window, 0);
  EXPECT_EQ(parse(text + "4096}").sliding_window_period, 1);
  EXPECT_EQ(total_parameters(parse(text + "4096}")), 7241732096.0);
}

TEST(ModelConfig, ReadsMixtral) {
  const ModelConfig m = zoo("mixtral-8x7b");
  EXPECT_EQ(m.moe->experts, 8);
  EXPECT_EQ(m.moe->active, 2);
  EXPECT_EQ(m.moe->ffn_hidden, 14336);
  EXPECT_EQ(m.moe_layers(), 32);
}

TEST(ModelConfig, ReadsQwen2WithBiasesThatItDoesNotMention) {
  const ModelConfig m = zoo("qwen2.5-72b");
  EXPECT_TRUE(m.qkv_bias);
  EXPECT_FALSE(m.attention_output_bias);
}

TEST(ModelConfig, ReadsQwen3WithItsNorms) {
  const ModelConfig m = parse(R"({"model_type": "qwen3", "hidden_size": 4096,
    "num_hidden_layers": 36, "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128,
    "intermediate_size": 12288, "vocab_size": 151936, "use_sliding_window": false,
    "tie_word_embeddings": false})");
  EXPECT_TRUE(m.qk_norm);
  EXPECT_EQ(total_parameters(m), 8190735360.0);  // Qwen3-8B
}

TEST(ModelConfig, ReadsQwen2MoeWithItsSharedExpert) {
  const ModelConfig m = parse(R"({"model_type": "qwen2_moe", "hidden_size": 3584,
    "num_hidden_layers": 28, "num_attention_heads": 28, "num_key_value_heads": 4,
    "intermediate_size": 18944, "moe_intermediate_size": 2560,
    "shared_expert_intermediate_size": 20480, "num_experts": 64, "num_experts_per_tok": 8,
    "decoder_sparse_step": 1, "vocab_size": 151936, "tie_word_embeddings": false})");
  EXPECT_EQ(m.moe->shared_ffn_hidden, 20480);
  EXPECT_NEAR(total_parameters(m), 57.4e9, 0.05e9);  // Qwen2-57B-A14B
}

TEST(ModelConfig, ReadsQwen3MoeWithASparseStep) {
  const std::string text = R"({"model_type": "qwen3_moe", "hidden_size": 64, "num_hidden_layers": 5,
    "num_attention_heads": 4, "intermediate_size": 128, "moe_intermediate_size": 32,
    "num_experts": 8, "num_experts_per_tok": 2, "vocab_size": 100, "mlp_only_layers": [],
    "decoder_sparse_step": )";
  EXPECT_EQ(parse(text + "1}").moe_layers(), 5);
  const ModelConfig m = parse(text + "2}");  // the second and the fourth
  EXPECT_EQ(m.moe_layers(), 2);
  EXPECT_FALSE(m.is_moe_layer(0));
  EXPECT_TRUE(m.is_moe_layer(1));
}

TEST(ModelConfig, ReadsGlm45) {
  const ModelConfig m = parse(R"({"model_type": "glm4_moe", "hidden_size": 5120,
    "num_hidden_layers": 92, "num_attention_heads": 96, "num_key_value_heads": 8, "head_dim": 128,
    "intermediate_size": 12288, "moe_intermediate_size": 1536, "n_routed_experts": 160,
    "n_shared_experts": 1, "num_experts_per_tok": 8, "n_group": 1, "topk_group": 1,
    "first_k_dense_replace": 3, "num_nextn_predict_layers": 1, "attention_bias": true,
    "use_qk_norm": true, "vocab_size": 151552, "tie_word_embeddings": false})");
  EXPECT_TRUE(m.qkv_bias);
  EXPECT_FALSE(m.attention_output_bias);
  EXPECT_TRUE(m.qk_norm);
  EXPECT_TRUE(m.moe->score_bias);
  EXPECT_EQ(m.mtp_layers, 1);
  // "355 B" on the model card; with the prediction module's own embedding and head 358 B on disk.
  const double on_disk =
      total_parameters(m) + mtp_module_parameters(m) + embedding_parameters(m) + head_parameters(m);
  EXPECT_NEAR(total_parameters(m), 353e9, 0.5e9);
  EXPECT_NEAR(on_disk, 358e9, 0.5e9);
}

TEST(ModelConfig, ReadsGptOss) {
  const ModelConfig m = parse(R"({"model_type": "gpt_oss", "hidden_size": 2880,
    "num_hidden_layers": 36, "num_attention_heads": 64, "num_key_value_heads": 8, "head_dim": 64,
    "intermediate_size": 2880, "num_local_experts": 128, "num_experts_per_tok": 4,
    "sliding_window": 128, "attention_bias": true, "vocab_size": 201088,
    "tie_word_embeddings": false})");
  EXPECT_TRUE(m.attention_sinks);
  EXPECT_EQ(m.sliding_window, 128);
  EXPECT_EQ(m.sliding_window_period, 2);
  EXPECT_EQ(total_parameters(m), 116829156672.0);  // gpt-oss-120b to the last parameter
}

TEST(ModelConfig, ReadsGpt2) {
  const ModelConfig m = parse(R"({"model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12,
    "n_positions": 1024, "n_inner": null, "vocab_size": 50257})");
  EXPECT_EQ(m.ffn_hidden, 3072);
  EXPECT_EQ(m.mlp, MlpKind::gelu);
  EXPECT_EQ(m.norm, NormKind::layer_norm);
  EXPECT_EQ(m.learned_positions, 1024);
  EXPECT_TRUE(m.tied_embeddings);
  EXPECT_EQ(total_parameters(m), 124439808.0);
}

TEST(ModelConfig, TakesGpt2NamesWithoutModelTypeForGpt2) {
  EXPECT_TRUE(parse(R"({"n_embd": 64, "n_layer": 2, "n_head": 4, "n_positions": 128,
    "vocab_size": 100})")
                  .tied_embeddings);
}

TEST(ModelConfig, ReadsGptNeoX) {
  const ModelConfig m = parse(R"({"model_type": "gpt_neox", "hidden_size": 6144,
    "num_hidden_layers": 44, "num_attention_heads": 64, "intermediate_size": 24576,
    "vocab_size": 50432, "max_position_embeddings": 2048, "tie_word_embeddings": false})");
  EXPECT_EQ(m.learned_positions, 0);
  EXPECT_EQ(total_parameters(m), 20554567680.0);  // GPT-NeoX-20B
}

TEST(ModelConfig, ReadsMptWithAlibiInsteadOfThePositionsItAsksFor) {
  const ModelConfig m = parse(R"({"model_type": "mpt", "d_model": 4096, "n_heads": 32,
    "n_layers": 32, "expansion_ratio": 4, "max_seq_len": 2048, "vocab_size": 50432,
    "no_bias": true, "learned_pos_emb": true, "attn_config": {"alibi": true}})");
  EXPECT_EQ(m.learned_positions, 0);
  EXPECT_EQ(total_parameters(m), 6649286656.0);  // MPT-7B
}

TEST(ModelConfig, NamesAFileCalledConfigByItsFolder) {
  const auto folder = std::filesystem::temp_directory_path() / "fleetwright-test-tiny-llama";
  std::filesystem::create_directories(folder);
  for (const char* name : {"config.json", "other.json"}) {
    std::ofstream(folder / name) << R"({"model_type": "llama", "hidden_size": 64, "vocab_size": 10,
      "num_hidden_layers": 1, "num_attention_heads": 4, "intermediate_size": 128})";
  }
  EXPECT_EQ(read_model_config(folder / "config.json").name, "fleetwright-test-tiny-llama");
  EXPECT_EQ(read_model_config(folder / "other.json").name, "other");
  std::filesystem::remove_all(folder);
}

TEST(ModelConfig, AnUnreadableFileIsNoScenarioError) {
  EXPECT_THROW(static_cast<void>(read_model_config("no/such/config.json")), Error);
  EXPECT_THROW(static_cast<void>(read_model_config(data_file("models/zoo"))), Error);
}

TEST(Zoo, ListsItsModelsSortedAndAllCanBeRead) {
  const std::vector<std::string> names = zoo_models();
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_THAT(names, Contains("deepseek-v3"));
  EXPECT_GE(names.size(), 11U);
  for (const std::string& name : names) EXPECT_GT(total_parameters(zoo(name)), 1e9) << name;
}

}  // namespace
}  // namespace fleetwright
