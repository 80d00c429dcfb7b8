#pragma once

#include <vector>

#include "profiles/gpu/reference/matrix.hpp"

namespace fleetwright::gpu::reference {

/// y = x / rms(x) * gain, row by row, rms(x) = sqrt(mean(x^2) + epsilon) (Zhang and Sennrich 2019,
/// arXiv 1910.07467, equation 4).
struct Normalized {
  Matrix y;
  std::vector<double> inverse_rms;
};
[[nodiscard]] Normalized rmsnorm(const Matrix& x, const std::vector<double>& gain, double epsilon);

/// Gradients of a scalar whose gradient with respect to y is given.
struct RmsnormGradients {
  Matrix x;
  std::vector<double> gain;
};
[[nodiscard]] RmsnormGradients rmsnorm_gradients(const Matrix& y_gradient, const Matrix& x,
                                                 const std::vector<double>& inverse_rms,
                                                 const std::vector<double>& gain);

}  // namespace fleetwright::gpu::reference
