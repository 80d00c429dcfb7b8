#include "models/flop_count.hpp"

#include <gtest/gtest.h>

#include "models/core/data_files.hpp"
#include "models/parameters.hpp"

// Matrix flop against publications. The convention is two flop a multiply-add, three passes,
// attention's two products over S keys (full) or S/2 (causal), routers and the output head
// included, the embedding's look-up not.
namespace fleetwright {
namespace {

using enum AttentionCount;

ModelConfig zoo(const std::string& name) {
  return read_model_config(data_file("models/zoo/" + name + ".json"));
}

double gflop(const ModelConfig& m, double sequence, AttentionCount count, bool with_mtp = false) {
  return training_flop_per_token(m, sequence, count, with_mtp).si() / 1e9;
}

// ISCA'25 (arXiv 2505.09343), table 2, training cost at 4,096 tokens: causal, without the
// prediction module. 155 and 250 come out; 394 and 2,448 do not under this count nor, together with
// the others, under any tried (full or causal attention; with or without head, embedding,
// attention). Llama's 2,448 is 1 % below ours. Qwen's 394 is 13 % below and less than six flop for
// each parameter of the layers alone (421), so that it cannot hold for the published 72.7 B
// parameters.
TEST(TrainingFlop, OfIsca25Table2) {
  EXPECT_NEAR(gflop(zoo("deepseek-v2"), 4096, causal), 155, 0.5);
  EXPECT_NEAR(gflop(zoo("deepseek-v3"), 4096, causal), 250, 0.5);
  const ModelConfig qwen = zoo("qwen2.5-72b");
  EXPECT_NEAR(gflop(qwen, 4096, causal), 444.856, 0.001);
  const double layers = total_parameters(qwen) - embedding_parameters(qwen) - head_parameters(qwen);
  EXPECT_GT(6 * layers / 1e9, 394);
  EXPECT_NEAR(gflop(zoo("llama-3.1-405b"), 4096, causal), 2473.222, 0.001);
  EXPECT_NEAR(gflop(zoo("llama-3.1-405b"), 4096, causal) / 2448, 1.0103, 0.0001);
}

// The same paper's table 4: 272.80 B tokens a day on 2,048 GPUs at 432 (non-causal) and 385
// (causal) TFLOP/s a GPU are 280.2 and 249.7 GFLOP a token, 0.3 % below both of ours.
TEST(TrainingFlop, OfIsca25Table4) {
  const double tokens_per_gpu_second = 272.80e9 / 86400 / 2048;
  const ModelConfig m = zoo("deepseek-v3");
  EXPECT_NEAR(gflop(m, 4096, full) * tokens_per_gpu_second / 1e3, 432, 2);
  EXPECT_NEAR(gflop(m, 4096, causal) * tokens_per_gpu_second / 1e3, 385, 2);
}

// NeMo counted 57.9 GFLOP a token of Llama 3 8B at 8,192 (full), its successor 51.5 (causal).
TEST(TrainingFlop, OfLlama8BInBothCounts) {
  const ModelConfig m = zoo("llama-3.1-8b");
  EXPECT_NEAR(gflop(m, 8192, full), 57.9, 0.05);
  EXPECT_NEAR(gflop(m, 8192, causal), 51.5, 0.05);
}

// Megatron-LM (arXiv 2104.04473, equation 3, without recomputation): 72 B s l h^2 (1 + s/6h +
// V/12lh).
TEST(TrainingFlop, OfGpt3IsMegatronsFormula) {
  const double s = 2048, l = 96, h = 12288, v = 50257;
  const double formula = 72 * l * h * h * (1 + s / (6 * h) + v / (12 * l * h));
  EXPECT_NEAR(gflop(zoo("gpt3-175b"), s, full) * 1e9 / formula, 1, 1e-12);
}

TEST(TrainingFlop, IsSixTimesTheMatricesPlusAttention) {
  for (const char* name : {"llama-3.1-70b", "deepseek-v3", "mixtral-8x7b"}) {
    const ModelConfig m = zoo(name);
    const double matrices = gflop(m, 0, full);
    // Norms and router biases are parameters and no matrices: less than 0.01 % of them.
    EXPECT_NEAR(matrices / (6 * active_parameters(m) / 1e9), 1, 1e-4) << name;
    const double scores =
        6.0 * m.layers * m.heads * (m.qk_head_dim() + m.v_head_dim()) * 4096 / 1e9;
    EXPECT_NEAR(gflop(m, 4096, full) - matrices, scores, 1e-9 * scores) << name;
    EXPECT_NEAR(gflop(m, 4096, causal) - matrices, scores / 2, 1e-9 * scores) << name;
  }
}

TEST(TrainingFlop, APredictionModuleAddsALayerAProjectionAndAHead) {
  const ModelConfig m = zoo("deepseek-v3");
  const double added = forward_flop_per_token(m, 4096, causal, true).si() -
                       forward_flop_per_token(m, 4096, causal, false).si();
  const double expected = layer_forward_flop_per_token(m, 60, 4096, causal).si() +
                          2.0 * 2 * 7168 * 7168 + 2.0 * 7168 * 129280;
  EXPECT_NEAR(added, expected, 1.0);
  const ModelConfig plain = zoo("deepseek-v2");
  EXPECT_EQ(forward_flop_per_token(plain, 4096, causal, true),
            forward_flop_per_token(plain, 4096, causal, false));
}

TEST(TrainingFlop, SlidingLayersSeeTheirWindow) {
  ModelConfig m = zoo("llama-3.1-8b");
  const auto layer = [&](int index, AttentionCount count) {
    return layer_forward_flop_per_token(m, index, 8192, count).si();
  };
  const double whole = layer(0, full);
  const double half = layer(0, causal);
  const double key = 2.0 * m.heads * 2 * m.head_dim;  // scores and values of one key
  m.sliding_window = 1024;
  EXPECT_EQ(whole - layer(0, full), (8192 - 1024) * key);
  // The first 1,024 queries see a triangle, the rest 1,024 keys each.
  EXPECT_EQ(half - layer(0, causal), (4096 - (1024 - 64)) * key);
  m.sliding_window_period = 2;
  EXPECT_LT(layer(0, full), whole);
  EXPECT_EQ(layer(1, full), whole);
  m.sliding_window = 100000;  // wider than the sequence
  EXPECT_EQ(layer(0, full), whole);
  EXPECT_EQ(layer(0, causal), half);
}

}  // namespace
}  // namespace fleetwright
