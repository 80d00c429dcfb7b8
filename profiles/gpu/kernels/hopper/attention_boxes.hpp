#pragma once

#include "profiles/gpu/kernels/hopper/attention.hpp"

namespace fleetwright::gpu::hopper {

/// Throws Error for sizes that are not positive or heads that key heads do not divide.
void check_attention(const AttentionProblem& problem);

/// [batch * tokens, heads, width]: panels of 128 bytes of one head, of so many tokens.
[[nodiscard]] TensorBox panel_box(const void* data, TensorType type,
                                  const AttentionProblem& problem, int heads, int width, int rows);

}  // namespace fleetwright::gpu::hopper
