#pragma once

namespace fleetwright::gpu::hopper {

/// Causal self-attention of width 192 for queries and keys and 128 for values, as in DeepSeek-V3;
/// tensors are [batch, tokens, heads, width], row-major. Query head h reads key head h * kv_heads /
/// heads.
struct AttentionProblem {
  int batch = 1;
  int tokens = 0;
  int heads = 0;
  int kv_heads = 0;
  float scale = 1;  // of the scores: 1 / sqrt(192) as a rule
};

}  // namespace fleetwright::gpu::hopper
