#include "profiles/gpu/reference/number_formats.hpp"

#include <algorithm>
#include <cmath>

namespace fleetwright::gpu::reference {

double round_to(double x, int mantissa, int smallest_exponent, double largest) {
  if (std::isnan(x) || x == 0) return x;
  const int exponent = std::max(std::ilogb(x), smallest_exponent);
  const double unit = std::ldexp(1.0, exponent - mantissa);
  const double rounded = std::nearbyint(x / unit) * unit;  // the default mode: ties to even
  return std::clamp(rounded, -largest, largest);
}

double round_bf16(double x) { return round_to(x, 7, -126, 0x1.fep127); }
double round_fp32(double x) { return round_to(x, 23, -126, 0x1.fffffep127); }
double round_e4m3(double x) { return round_to(x, 3, -6, 448.0); }
double round_e5m6(double x) { return round_to(x, 6, -14, 0x1.fcp16); }

std::uint8_t encode_e4m3(double x) {
  if (std::isnan(x)) return 0x7f;
  const int sign = std::signbit(x) ? 0x80 : 0;
  const double magnitude = std::abs(x);
  if (magnitude < 0x1p-6) {  // subnormal: units of 2^-9
    return static_cast<std::uint8_t>(sign | static_cast<int>(magnitude * 0x1p9));
  }
  const int exponent = std::ilogb(magnitude);
  const int fraction = static_cast<int>((magnitude / std::ldexp(1.0, exponent) - 1.0) * 8.0);
  return static_cast<std::uint8_t>(sign | ((exponent + 7) << 3) | fraction);
}

double decode_e4m3(std::uint8_t code) {
  const int exponent = (code >> 3) & 15, fraction = code & 7;
  const double sign = (code & 0x80) != 0 ? -1.0 : 1.0;
  if (exponent == 15 && fraction == 7) return std::nan("");
  if (exponent == 0) return sign * fraction * 0x1p-9;
  return sign * std::ldexp(1.0 + fraction / 8.0, exponent - 7);
}

}  // namespace fleetwright::gpu::reference
