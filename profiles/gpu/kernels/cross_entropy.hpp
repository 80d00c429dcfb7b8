#pragma once

#include <cuda_bf16.h>

#include <cstdint>

#include "profiles/gpu/device_memory.hpp"

namespace fleetwright::gpu {

/// BF16 logits [tokens, vocabulary], row-major. Vocabulary: a multiple of 8, else the calls throw
/// Error. `targets` [tokens] are in [0, vocabulary); a negative one takes its token out of the
/// loss.
struct LogitShape {
  int tokens = 0;
  int vocabulary = 0;
};

/// losses[t] = log_sums[t] - logits[t, target], log_sums[t] = log sum_v exp logits[t, v] (natural,
/// FP32), with one pass over the logits that keeps a running maximum and a sum relative to it
/// (Milakov and Gimelshein 2018, arXiv 1805.02867, algorithm 3). Logits may be -infinity.
void cross_entropy_forward(const __nv_bfloat16* logits, const std::int32_t* targets,
                           const LogitShape& shape, float* losses, float* log_sums, Stream stream);

/// gradients[t, v] = (exp(logits[t, v] - log_sums[t]) - [v is the target]) loss_gradients[t], BF16;
/// `gradients` may be `logits`.
void cross_entropy_backward(const __nv_bfloat16* logits, const std::int32_t* targets,
                            const float* log_sums, const float* loss_gradients,
                            const LogitShape& shape, __nv_bfloat16* gradients, Stream stream);

}  // namespace fleetwright::gpu
