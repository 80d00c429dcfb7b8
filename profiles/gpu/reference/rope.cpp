#include "profiles/gpu/reference/rope.hpp"

#include <cmath>

namespace fleetwright::gpu::reference {

Matrix rotary_angles(std::size_t tokens, std::size_t head_width, double base) {
  Matrix angles(tokens, head_width / 2);
  for (std::size_t t = 0; t < tokens; ++t) {
    for (std::size_t i = 0; i < head_width / 2; ++i) {
      const double exponent = -2.0 * static_cast<double>(i) / static_cast<double>(head_width);
      angles(t, i) = static_cast<double>(t) * std::pow(base, exponent);
    }
  }
  return angles;
}

Matrix rotate(const Matrix& x, const Matrix& angles, bool back) {
  Matrix y(x.rows, x.columns);
  const std::size_t half = angles.columns;
  for (std::size_t t = 0; t < x.rows; ++t) {
    for (std::size_t head = 0; head < x.columns; head += 2 * half) {
      for (std::size_t i = 0; i < half; ++i) {
        const double angle = back ? -angles(t, i) : angles(t, i);
        const double a = x(t, head + i), b = x(t, head + half + i);
        y(t, head + i) = a * std::cos(angle) - b * std::sin(angle);
        y(t, head + half + i) = a * std::sin(angle) + b * std::cos(angle);
      }
    }
  }
  return y;
}

}  // namespace fleetwright::gpu::reference
