#include "profiles/gpu/reference/cross_entropy.hpp"

#include <algorithm>
#include <cmath>

namespace fleetwright::gpu::reference {

CrossEntropy cross_entropy(const Matrix& logits, const std::vector<int>& targets) {
  CrossEntropy result;
  for (std::size_t t = 0; t < logits.rows; ++t) {
    double largest = logits(t, 0);
    for (std::size_t v = 1; v < logits.columns; ++v) largest = std::max(largest, logits(t, v));
    double sum = 0;
    for (std::size_t v = 0; v < logits.columns; ++v) sum += std::exp(logits(t, v) - largest);
    const double log_sum = largest + std::log(sum);
    const int target = targets[t];
    result.log_sums.push_back(log_sum);
    result.losses.push_back(target < 0 ? 0.0
                                       : log_sum - logits(t, static_cast<std::size_t>(target)));
  }
  return result;
}

Matrix cross_entropy_gradient(const Matrix& logits, const std::vector<int>& targets,
                              const std::vector<double>& loss_gradients) {
  const CrossEntropy forward = cross_entropy(logits, targets);
  Matrix gradients(logits.rows, logits.columns);
  for (std::size_t t = 0; t < logits.rows; ++t) {
    if (targets[t] < 0) continue;
    for (std::size_t v = 0; v < logits.columns; ++v) {
      gradients(t, v) = loss_gradients[t] * std::exp(logits(t, v) - forward.log_sums[t]);
    }
    gradients(t, static_cast<std::size_t>(targets[t])) -= loss_gradients[t];
  }
  return gradients;
}

}  // namespace fleetwright::gpu::reference
