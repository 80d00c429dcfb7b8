#include "models/parameters.hpp"

#include <gtest/gtest.h>

#include "models/core/data_files.hpp"

// Parameters against the sums of the published checkpoints.
namespace fleetwright {
namespace {

ModelConfig zoo(const std::string& name) {
  return read_model_config(data_file("models/zoo/" + name + ".json"));
}

struct Published {
  const char* model;
  double total;
};

class TotalParameters : public ::testing::TestWithParam<Published> {};

TEST_P(TotalParameters, AreThoseOfTheCheckpoint) {
  EXPECT_EQ(total_parameters(zoo(GetParam().model)), GetParam().total) << GetParam().model;
}

INSTANTIATE_TEST_SUITE_P(Zoo, TotalParameters,
                         ::testing::Values(Published{"deepseek-v2", 235741434880},     // 236 B
                                           Published{"deepseek-v3", 671026419200},     // 671.03 B
                                           Published{"kimi-k2", 1026408232448},        // 1.03 T
                                           Published{"llama-3.1-8b", 8030261248},      // 8.03 B
                                           Published{"llama-3.1-70b", 70553706496},    // 70.55 B
                                           Published{"llama-3.1-405b", 405853388800},  // 405.85 B
                                           Published{"mixtral-8x7b", 46702792704},     // 46.70 B
                                           Published{"mixtral-8x22b", 140620634112},   // 140.6 B
                                           Published{"qwen2.5-72b", 72706203648},      // 72.7 B
                                           Published{"qwen3-235b-a22b", 235093634560},
                                           Published{"gpt3-175b", 174604259328}));

// The prediction module has 11.61 B parameters of its own. On disk it carries copies of the
// embedding and of the head, 0.93 B each: 13.46 B, the "14 B of MTP module weights" and the 685 B
// of the repository.
TEST(Parameters, PredictionModuleOfDeepSeekV3) {
  const ModelConfig m = zoo("deepseek-v3");
  const double copies = embedding_parameters(m) + head_parameters(m);
  EXPECT_EQ(mtp_module_parameters(m), 11610068224.0);
  EXPECT_NEAR(copies, 2 * 0.9267e9, 1e5);
  EXPECT_NEAR(mtp_module_parameters(m) + copies, 13.46e9, 0.005e9);
  EXPECT_NEAR(total_parameters(m) + mtp_module_parameters(m) + copies, 684.5e9, 0.05e9);
}

// DeepSeek-V3's README_WEIGHTS.md: "36.6B (including 0.9B for the output Head)", rounded to 37 B in
// the report. Counting the embedding table too would give 37.55 B.
TEST(Parameters, ActiveCountTheHeadAndNotTheEmbedding) {
  const ModelConfig m = zoo("deepseek-v3");
  EXPECT_NEAR(active_parameters(m), 36.6e9, 0.05e9);
  EXPECT_NEAR(active_parameters(m) + embedding_parameters(m), 37.55e9, 0.005e9);
  EXPECT_NEAR(active_parameters(zoo("deepseek-v2")), 21e9, 0.5e9);
  EXPECT_NEAR(active_parameters(zoo("kimi-k2")), 32e9, 0.5e9);
  EXPECT_NEAR(active_parameters(zoo("qwen3-235b-a22b")), 22e9, 0.5e9);
}

TEST(Parameters, ATiedTableIsActiveAsTheHead) {
  const ModelConfig m = zoo("gpt3-175b");
  EXPECT_EQ(head_parameters(m), 0);
  EXPECT_EQ(active_parameters(m), total_parameters(m));
}

TEST(Parameters, LayersSumToTheTotal) {
  for (const std::string& name : zoo_models()) {
    const ModelConfig m = zoo(name);
    double sum = embedding_parameters(m) + head_parameters(m) + final_norm_parameters(m);
    for (int layer = 0; layer < m.layers; ++layer) sum += layer_parameters(m, layer).total();
    EXPECT_EQ(sum, total_parameters(m)) << name;
    EXPECT_LE(active_parameters(m), total_parameters(m)) << name;
  }
}

TEST(Parameters, ALayerIsEitherDenseOrOfExperts) {
  const ModelConfig m = zoo("deepseek-v3");
  const LayerParameters dense = layer_parameters(m, 0);
  EXPECT_EQ(dense.dense_mlp, 3.0 * 7168 * 18432);
  EXPECT_EQ(dense.routed_experts + dense.shared_experts + dense.router, 0);
  const LayerParameters sparse = layer_parameters(m, 3);
  EXPECT_EQ(sparse.dense_mlp, 0);
  EXPECT_EQ(sparse.routed_experts, 256 * 3.0 * 7168 * 2048);
  EXPECT_EQ(sparse.shared_experts, 3.0 * 7168 * 2048);
  EXPECT_EQ(sparse.router, 256 * 7168.0 + 256);
  EXPECT_EQ(sparse.attention, dense.attention);
}

// ISCA'25 (arXiv 2505.09343), table 1, in BF16: 70.272, 327.680 and 516.096 KB.
TEST(KvCache, OfOneToken) {
  EXPECT_EQ(kv_cache_bytes_per_token(zoo("deepseek-v3"), 2), 70272);
  EXPECT_EQ(kv_cache_bytes_per_token(zoo("qwen2.5-72b"), 2), 327680);
  EXPECT_EQ(kv_cache_bytes_per_token(zoo("llama-3.1-405b"), 2), 516096);
}

}  // namespace
}  // namespace fleetwright
