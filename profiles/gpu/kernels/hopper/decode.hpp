#pragma once

#include <cuda_bf16.h>

#include <cstdint>

#include "profiles/gpu/device_memory.hpp"
#include "profiles/gpu/kernels/hopper/decode_schedule.hpp"
#include "profiles/gpu/kernels/hopper/tensor_map.hpp"

namespace fleetwright::gpu::hopper {

/// Attention of the last tokens of each sequence to all its keys, in the absorbed form of latent
/// attention (DeepSeek-V2, arXiv 2405.04434, section 2.1.2): one key of width 576 for all heads,
/// its first 512 columns the value. Token t of a sequence does not see the last tokens - 1 - t
/// keys.
struct DecodeProblem {
  int batch = 1;
  int tokens = 1;  // queries of a sequence
  int heads = 0;
  int pages = 0;      // of the cache, 64 keys each
  int max_pages = 0;  // of a sequence
  float scale = 1;    // of the scores, positive: 1 / sqrt(192) for DeepSeek-V3
  int sms = 1;
};

struct DecodeOperands {
  const __nv_bfloat16* q = nullptr;          // [batch, tokens, heads, 576]
  const __nv_bfloat16* cache = nullptr;      // [pages, 64, 576]
  const std::int32_t* page_table = nullptr;  // [batch, max_pages]
  const std::int32_t* lengths = nullptr;     // [batch]: keys of a sequence, its last tokens' too
  __nv_bfloat16* o = nullptr;                // [batch, tokens, heads, 512]
  float* log_sum = nullptr;                  // [batch, tokens, heads]: of the scores' exponentials
};

/// What the kernels are given. Rows are the tokens and heads of a sequence.
struct DecodeArguments {
  DecodeOperands operands;
  DecodeSchedule schedule;
  std::int32_t* first_block = nullptr;  // the schedule's tables, to be filled
  std::int32_t* first_sequence = nullptr;
  float* partial_o = nullptr;        // [slots, row_blocks * 64, 512]
  float* partial_log_sum = nullptr;  // [slots, row_blocks * 64]
  int tokens = 0;
  int heads = 0;
  int rows = 0;
  int row_blocks = 0;  // of 64
  int max_pages = 0;
  float scale = 1;
};

struct DecodeMaps {
  TensorMap q, cache, o;
};

/// o = softmax(scale q k^T) v; where there is no key zeros, and minus infinity as log_sum. For GPUs
/// of compute capability 9.0.
class AttentionDecode {
 public:
  /// Throws Error for sizes that are not positive, Unavailable where the GPU or its driver cannot.
  AttentionDecode(const DecodeProblem& problem, const DecodeOperands& operands);
  /// Shares out the work by the lengths: after each change of them, for all layers of a model.
  void plan(Stream stream) const;
  void run(Stream stream) const;

 private:
  DeviceArray<std::int32_t> tables_;
  DeviceArray<float> partial_o_, partial_log_sum_;
  DecodeArguments arguments_;
  DecodeMaps maps_;
};

void launch_decode_plan(const DecodeArguments& arguments, Stream stream);
void launch_decode(const DecodeMaps& maps, const DecodeArguments& arguments, Stream stream);
/// Adds up the partial results; writes those of empty sequences.
void launch_decode_combine(const DecodeArguments& arguments, Stream stream);

}  // namespace fleetwright::gpu::hopper
