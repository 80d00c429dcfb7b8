#pragma once

#include <cstdint>

#include "profiles/gpu/device_memory.hpp"
#include "profiles/gpu/kernels/gate.hpp"

namespace fleetwright::gpu {

/// Where the results of a gate go, all row-major.
struct RoutedTokens {
  float* scores = nullptr;         // [tokens, experts], for the gradient and the balance loss
  std::int32_t* ids = nullptr;     // [tokens, active], by falling score + bias
  float* weights = nullptr;        // [tokens, active]
  std::int32_t* counts = nullptr;  // [experts], how many tokens chose each
};

/// `logits` [tokens, experts] FP32; `bias` [experts] FP32, or null for none. Experts: a multiple of
/// 4 up to 512; active: up to 32. With several groups, experts must be 32 times 1, 2, 4, 5, 8, 12
/// or 16, groups a power of two up to 32. Throws Error for others.
void router_forward(const float* logits, const float* bias, int tokens, const Gate& gate,
                    const RoutedTokens& to, Stream stream);

/// The gradient of the weights becomes that of the logits, [tokens, experts] FP32: with n_j the
/// weights over `scale` and S the sum of the chosen scores,
///   d score_j = scale / S (d weight_j - sum_i d weight_i n_i) for the chosen, 0 for the others,
/// times s (1 - s) for the sigmoid. For the softmax times s alone: the sum over experts that its
/// gradient subtracts is zero for weights that are normalised afterwards.
void router_backward(const float* scores, const std::int32_t* ids, const float* weight_gradients,
                     int tokens, const Gate& gate, float* logit_gradients, Stream stream);

}  // namespace fleetwright::gpu
