#pragma once

#include <cuda_bf16.h>

#include <cstddef>
#include <cstdint>

#include "profiles/gpu/device_memory.hpp"

namespace fleetwright::gpu {

// Rows of a token table [vocabulary, hidden], row-major; hidden a multiple of 8, or the launchers
// throw Error. Ids outside of [0, vocabulary), which tensor parallelism leaves to other parts of
// the table, give rows of zeros and no gradient.

/// y [tokens, hidden] = table[ids]; BF16.
struct EmbeddingForward {
  const std::int32_t* ids = nullptr;  // [tokens]
  const __nv_bfloat16* table = nullptr;
  __nv_bfloat16* y = nullptr;
  std::size_t tokens = 0;
  int vocabulary = 0;
  int hidden = 0;
};

/// table_gradient[ids] += y_gradient [tokens, hidden], BF16 added in FP32. Rows of a token that
/// occurs several times are added in the order of the tokens by one block, without atomics on
/// numbers: the same input gives the same bits.
struct EmbeddingBackward {
  const std::int32_t* ids = nullptr;
  const __nv_bfloat16* y_gradient = nullptr;
  float* table_gradient = nullptr;
  std::int32_t* uses = nullptr;  // 2 * vocabulary of scratch
  std::size_t tokens = 0;        // below 2^31
  int vocabulary = 0;
  int hidden = 0;
};

void embedding_forward(const EmbeddingForward& call, Stream stream);
void embedding_backward(const EmbeddingBackward& call, Stream stream);

}  // namespace fleetwright::gpu
