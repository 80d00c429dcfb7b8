#pragma once

#include "profiles/gpu/reference/matrix.hpp"

namespace fleetwright::gpu::reference {

/// x / (1 + exp(-x)).
[[nodiscard]] double silu(double x);
[[nodiscard]] double silu_derivative(double x);

/// GELU by the approximation x / 2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) (Hendrycks and Gimpel
/// 2016, arXiv 1606.08415, section 2).
[[nodiscard]] double gelu(double x);
[[nodiscard]] double gelu_derivative(double x);

/// silu(gate) * up (Shazeer 2020, arXiv 2002.05202, equation 6). x: [rows, 2 columns], the gates
/// and then the ups; the result: [rows, columns].
[[nodiscard]] Matrix swiglu_forward(const Matrix& x);
/// The gradient by x, of dy [rows, columns].
[[nodiscard]] Matrix swiglu_backward(const Matrix& x, const Matrix& dy);

[[nodiscard]] Matrix gelu_forward(const Matrix& x);
[[nodiscard]] Matrix gelu_backward(const Matrix& x, const Matrix& dy);

}  // namespace fleetwright::gpu::reference
