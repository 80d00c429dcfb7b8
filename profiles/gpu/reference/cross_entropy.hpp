#pragma once

#include <vector>

#include "profiles/gpu/reference/matrix.hpp"

namespace fleetwright::gpu::reference {

/// Of each token, natural logarithms.
struct CrossEntropy {
  std::vector<double> losses;    // log_sums less the target's logit; 0 where there is no target
  std::vector<double> log_sums;  // log of the sum of the exponentials
};

/// `logits` [tokens, vocabulary]; a target below 0 is none.
[[nodiscard]] CrossEntropy cross_entropy(const Matrix& logits, const std::vector<int>& targets);

/// The gradient of sum_t loss_gradients[t] losses[t], [tokens, vocabulary].
[[nodiscard]] Matrix cross_entropy_gradient(const Matrix& logits, const std::vector<int>& targets,
                                            const std::vector<double>& loss_gradients);

}  // namespace fleetwright::gpu::reference
