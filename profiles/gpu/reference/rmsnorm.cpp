#include "profiles/gpu/reference/rmsnorm.hpp"

#include <cmath>

namespace fleetwright::gpu::reference {

Normalized rmsnorm(const Matrix& x, const std::vector<double>& gain, double epsilon) {
  Normalized result{Matrix(x.rows, x.columns), std::vector<double>(x.rows)};
  for (std::size_t r = 0; r < x.rows; ++r) {
    double squares = 0;
    for (std::size_t c = 0; c < x.columns; ++c) squares += x(r, c) * x(r, c);
    const double mean = squares / static_cast<double>(x.columns);
    result.inverse_rms[r] = 1.0 / std::sqrt(mean + epsilon);
    for (std::size_t c = 0; c < x.columns; ++c) {
      result.y(r, c) = x(r, c) * result.inverse_rms[r] * gain[c];
    }
  }
  return result;
}

// y_c = x_c r gain_c and dr/dx_j = -r^3 x_j / n, so
// dx_j = r gain_j dy_j - x_j r^3 / n sum_c(gain_c dy_c x_c).
RmsnormGradients rmsnorm_gradients(const Matrix& y_gradient, const Matrix& x,
                                   const std::vector<double>& inverse_rms,
                                   const std::vector<double>& gain) {
  RmsnormGradients gradients{Matrix(x.rows, x.columns), std::vector<double>(x.columns)};
  for (std::size_t r = 0; r < x.rows; ++r) {
    const double inverse = inverse_rms[r];
    double product = 0;
    for (std::size_t c = 0; c < x.columns; ++c) product += gain[c] * y_gradient(r, c) * x(r, c);
    for (std::size_t c = 0; c < x.columns; ++c) {
      gradients.x(r, c) = inverse * gain[c] * y_gradient(r, c) -
                          x(r, c) * std::pow(inverse, 3) / static_cast<double>(x.columns) * product;
      gradients.gain[c] += y_gradient(r, c) * x(r, c) * inverse;
    }
  }
  return gradients;
}

}  // namespace fleetwright::gpu::reference
