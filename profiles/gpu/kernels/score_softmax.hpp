#pragma once

#include <cuda_bf16.h>

#include <cstddef>
#include <cstdint>

#include "profiles/gpu/device_memory.hpp"

namespace fleetwright::gpu {

// Attention with its scores written out, as Megatron-LM of 2021 computed it (arXiv 2104.04473,
// section 4.2): a product writes the scores, one kernel scales, masks and normalizes them, one
// drops some out, a second product reads the rest. Scores are BF16 [rows, keys]; rows are batch x
// heads x queries; keys a multiple of 8, at most 16,384, or the launchers throw Error.

struct ScoreShape {
  std::size_t rows = 0;
  std::size_t queries = 0;  // of a sequence: row r is query r % queries
  int keys = 0;
  float scale = 1;
  bool causal = true;  // query q sees keys 0 ... keys - queries + q; needs queries <= keys
};

/// probabilities = softmax(scale * scores) over the keys that a query sees, 0 for others, whose
/// scores are not read. May be in place.
void score_softmax(const __nv_bfloat16* scores, __nv_bfloat16* probabilities,
                   const ScoreShape& shape, Stream stream);
/// The gradient of the unscaled scores: scale * p (g - sum(g p)). Keys that a query does not see
/// are not read and get 0. May be in place over the gradient of the probabilities.
void score_softmax_backward(const __nv_bfloat16* probabilities,
                            const __nv_bfloat16* probabilities_gradient,
                            __nv_bfloat16* scores_gradient, const ScoreShape& shape, Stream stream);

/// Drops numbers with probability `rate` (0 <= rate < 1) and scales the others by 1 / (1 - rate).
/// kept[i] is 1 or 0. Number i is dropped if word i % 4 of Philox4x32-10 (Salmon et al. 2011,
/// "Parallel random numbers: as easy as 1, 2, 3"), counter i / 4, key `seed`, is below rate * 2^32.
/// Both may be in place.
void dropout(const __nv_bfloat16* x, __nv_bfloat16* y, std::uint8_t* kept, std::size_t size,
             double rate, std::uint64_t seed, Stream stream);
void dropout_backward(const __nv_bfloat16* y_gradient, const std::uint8_t* kept,
                      __nv_bfloat16* x_gradient, std::size_t size, double rate, Stream stream);

}  // namespace fleetwright::gpu
