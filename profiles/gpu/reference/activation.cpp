#include "profiles/gpu/reference/activation.hpp"

#include <cmath>
#include <numbers>

namespace fleetwright::gpu::reference {
namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// (1 + tanh(u)) / 2 is sigmoid(2u), which keeps its digits where u is far below 0.
constexpr double gelu_cubic = 0.044715;
const double gelu_slope = 2 * std::sqrt(2 * std::numbers::inv_pi);
double gelu_weight(double x) { return sigmoid(gelu_slope * (x + gelu_cubic * x * x * x)); }

}  // namespace

double silu(double x) { return x * sigmoid(x); }
double silu_derivative(double x) { return sigmoid(x) * (1 + x * sigmoid(-x)); }

double gelu(double x) { return x * gelu_weight(x); }

double gelu_derivative(double x) {
  const double weight = gelu_weight(x);
  return weight + x * weight * (1 - weight) * gelu_slope * (1 + 3 * gelu_cubic * x * x);
}

Matrix swiglu_forward(const Matrix& x) {
  Matrix y(x.rows, x.columns / 2);
  for (std::size_t r = 0; r < y.rows; ++r) {
    for (std::size_t c = 0; c < y.columns; ++c) y(r, c) = silu(x(r, c)) * x(r, y.columns + c);
  }
  return y;
}

Matrix swiglu_backward(const Matrix& x, const Matrix& dy) {
  Matrix dx(x.rows, x.columns);
  for (std::size_t r = 0; r < dy.rows; ++r) {
    for (std::size_t c = 0; c < dy.columns; ++c) {
      const double gate = x(r, c), up = x(r, dy.columns + c);
      dx(r, c) = dy(r, c) * up * silu_derivative(gate);
      dx(r, dy.columns + c) = dy(r, c) * silu(gate);
    }
  }
  return dx;
}

Matrix gelu_forward(const Matrix& x) {
  Matrix y = x;
  for (double& value : y.at) value = gelu(value);
  return y;
}

Matrix gelu_backward(const Matrix& x, const Matrix& dy) {
  Matrix dx = dy;
  for (std::size_t i = 0; i < x.at.size(); ++i) dx.at[i] *= gelu_derivative(x.at[i]);
  return dx;
}

}  // namespace fleetwright::gpu::reference
