#pragma once

#include <vector>

#include "profiles/gpu/kernels/gate.hpp"
#include "profiles/gpu/reference/matrix.hpp"

namespace fleetwright::gpu::reference {

// A gate as gate.hpp describes it, step by step. Rows are tokens.

/// [tokens, experts] of logits to scores.
[[nodiscard]] Matrix gate_scores(const Matrix& logits, GateScore score);

/// Which experts each token goes to, [tokens, active] by falling score + bias. Sums are rounded to
/// FP32, in which the gate is defined, so that equal sums are equal here too. `bias` may be empty.
[[nodiscard]] std::vector<int> choose_experts(const Matrix& scores, const std::vector<double>& bias,
                                              const Gate& gate);

/// [tokens, active].
[[nodiscard]] Matrix gate_weights(const Matrix& scores, const std::vector<int>& ids,
                                  const Gate& gate);

/// How many tokens chose each expert.
[[nodiscard]] std::vector<int> expert_counts(const std::vector<int>& ids, int experts);

/// From the gradient of the weights, [tokens, active], to that of the logits, [tokens, experts];
/// which experts are chosen has no gradient.
[[nodiscard]] Matrix gate_gradient(const Matrix& scores, const std::vector<int>& ids,
                                   const Matrix& weight_gradients, const Gate& gate);

}  // namespace fleetwright::gpu::reference
