#include "profiles/gpu/reference/adamw.hpp"

#include <cmath>

namespace fleetwright::gpu::reference {

AdamWState adamw(const AdamW& a, const std::vector<double>& gradients, AdamWState state) {
  const double first_correction = 1 - std::pow(a.beta1, a.step);
  const double second_correction = 1 - std::pow(a.beta2, a.step);
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    const double g = a.gradient_scale * gradients[i];
    double& m = state.first[i];
    double& v = state.second[i];
    double& w = state.weights[i];
    m = a.beta1 * m + (1 - a.beta1) * g;
    v = a.beta2 * v + (1 - a.beta2) * g * g;
    const double step = m / first_correction / (std::sqrt(v / second_correction) + a.epsilon);
    w -= a.rate * (step + a.decay * w);
  }
  return state;
}

}  // namespace fleetwright::gpu::reference
